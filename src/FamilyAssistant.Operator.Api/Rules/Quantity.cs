using System.Globalization;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Compares quantities such as <c>500m</c> or <c>20Gi</c>. The patterns of the schema keep every value within what a decimal holds exactly.</summary>
public static class Quantity
{
    private static readonly (string Suffix, decimal Factor)[] Units =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50),
        ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("m", 1e-3m),
    ];

    /// <summary>The value in base units (bytes, cores); null when the text is not a quantity that the schema admits.</summary>
    public static decimal? Parse(string text)
    {
        var (suffix, factor) = Array.Find(Units, u => text.EndsWith(u.Suffix, StringComparison.Ordinal));
        var digits = text.AsSpan(0, text.Length - (suffix?.Length ?? 0));
        // Twelve digits times 2^50 fit; longer ones would overflow, and the schema refuses them anyway.
        if (digits.Length > 16 || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value >= 1e12m)
            return null;
        return value * (suffix is null ? 1 : factor);
    }

    /// <summary>Whether <paramref name="a"/> is at most <paramref name="b"/>. True when one of them cannot be read, which a plain bound reports.</summary>
    public static bool AtMost(string a, string b) => Parse(a) is not { } x || Parse(b) is not { } y || x <= y;
}
