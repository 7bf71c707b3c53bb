using System.Text;
using System.Text.RegularExpressions;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>What the Secret holds under <c>TELEGRAM_BOT_TOKEN</c>. Only the part before the colon ever leaves this type.</summary>
internal abstract partial record BotToken
{
    private const int LongestSensible = 128;

    private BotToken()
    {
    }

    /// <summary>No such key: Telegram is off.</summary>
    internal sealed record Absent : BotToken;

    /// <summary>A token.</summary>
    internal sealed record WellFormed(string BotId) : BotToken;

    /// <summary>Something else.</summary>
    /// <param name="Fault">What is wrong with it, as the end of a sentence.</param>
    internal sealed record Malformed(string Fault) : BotToken;

    /// <summary>Reads it from the Secret.</summary>
    public static BotToken Of(IReadOnlyDictionary<string, byte[]>? secret) =>
        secret is not null && secret.TryGetValue(AppContract.BotToken, out var value) ? Of(value) : new Absent();

    /// <summary>Reads the value itself.</summary>
    public static BotToken Of(byte[] value)
    {
        if (value.Length == 0)
        {
            return new Malformed("is empty. Remove the key to run without Telegram, or enter the token that BotFather gave you");
        }

        if (value.Length > LongestSensible || !Ascii.IsValid(value))
        {
            return new Malformed("is not text of a token's length. Enter the token that BotFather gave you");
        }

        var text = Encoding.ASCII.GetString(value);
        if (Form.Match(text) is { Success: true } match)
        {
            // One bot has one name, however many zeros somebody writes before it.
            return new WellFormed(match.Groups[1].Value.TrimStart('0') is { Length: > 0 } id ? id : "0");
        }

        return Form.IsMatch(text.Trim())
            // Environment variables are passed on byte by byte: the application would send the line break to Telegram and be refused.
            ? new Malformed("has a line break or a space around the token. Write it without: printf %s instead of echo, or kubectl create secret --from-literal")
            : new Malformed("is not a bot token (a number, a colon, 35 letters, digits, _ or -). Enter the token that BotFather gave you");
    }

    [GeneratedRegex(@"\A([0-9]{1,20}):[A-Za-z0-9_-]{35}\z")]
    private static partial Regex Form { get; }
}
