using System.Globalization;
using System.Text.RegularExpressions;

namespace FamilyAssistant.Operator.LocalCluster.Telegram;

/// <summary>A token taken apart: the bot's public id, and what is secret.</summary>
internal sealed partial record BotToken(long BotId, string Secret)
{
    public static BotToken? Parse(string token)
    {
        var match = Format().Match(token);
        return match.Success ? new BotToken(long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value) : null;
    }

    [GeneratedRegex("^([1-9][0-9]{0,17}):([A-Za-z0-9_-]{35})$")]
    private static partial Regex Format();
}
