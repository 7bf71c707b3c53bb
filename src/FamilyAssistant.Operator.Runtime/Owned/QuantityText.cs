using System.Globalization;

namespace FamilyAssistant.Operator.Runtime.Owned;

/// <summary>Reads a Kubernetes quantity, for comparison only: two texts that mean the same amount are no drift.</summary>
internal static class QuantityText
{
    private static readonly Dictionary<string, decimal> Suffixes = new()
    {
        ["n"] = 1e-9m, ["u"] = 1e-6m, ["m"] = 1e-3m, [""] = 1m, ["k"] = 1e3m, ["M"] = 1e6m, ["G"] = 1e9m, ["T"] = 1e12m, ["P"] = 1e15m, ["E"] = 1e18m,
        ["Ki"] = 1024m, ["Mi"] = 1048576m, ["Gi"] = 1073741824m, ["Ti"] = 1099511627776m, ["Pi"] = 1125899906842624m, ["Ei"] = 1152921504606846976m,
    };

    /// <summary>The amount, or false when the text is no quantity.</summary>
    public static bool TryParse(string text, out decimal amount)
    {
        amount = 0;
        var end = text.Length;
        while (end > 0 && char.IsAsciiLetter(text[end - 1]))
        {
            end--;
        }

        if (!Suffixes.TryGetValue(text[end..], out var factor)
            || !decimal.TryParse(text.AsSpan(0, end), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            || Math.Abs(number) > 1e9m * 1e9m / Math.Max(factor, 1m) * 1e9m)
        {
            return false;
        }

        amount = number * factor;
        return true;
    }
}
