using System.Globalization;

namespace FamilyAssistant.Operator.Api;

/// <summary>Durations as they stand in a spec: a whole number and one of <c>s</c>, <c>m</c>, <c>h</c>, <c>d</c>.</summary>
public static class Duration
{
    /// <summary>Reads one that keeps <see cref="Schema.Patterns.Duration"/>.</summary>
    /// <exception cref="FormatException">It does not.</exception>
    public static TimeSpan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length < 2 || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
        {
            throw new FormatException($"{text} is no duration such as 90m or 6h.");
        }

        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(amount),
            'm' => TimeSpan.FromMinutes(amount),
            'h' => TimeSpan.FromHours(amount),
            'd' => TimeSpan.FromDays(amount),
            _ => throw new FormatException($"{text} is no duration such as 90m or 6h."),
        };
    }
}
