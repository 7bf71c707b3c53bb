using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>
/// Removes secrets by their value from text that somebody else wrote: the application quotes its configuration in errors, and logs its whole database URL. A bot token is removed by its
/// form as well: the text may be older than the one that is valid now.
/// </summary>
internal sealed partial class Redaction
{
    /// <summary>Put in the place of a secret.</summary>
    public const string Mark = "[redacted]";

    /// <summary>Shorter values are words of every text; to replace them would garble it and show what they are.</summary>
    private const int ShortestSecret = 5;

    private readonly string[] _secrets;

    /// <summary>A redaction of these values, also where they are percent-encoded.</summary>
    public Redaction(IEnumerable<string> secrets)
    {
        var values = secrets.SelectMany(static secret => Lines(secret)).Where(static secret => secret.Length >= ShortestSecret).ToList();

        // Longest first: a secret that holds another one is replaced whole.
        _secrets = [.. values.Concat(values.Select(Uri.EscapeDataString)).Distinct(StringComparer.Ordinal).OrderByDescending(static secret => secret.Length)];
    }

    /// <summary>The redaction of everything secret that an instance's pods are given.</summary>
    public static Redaction Of(InstancePass pass) => new(Names(pass).Distinct(StringComparer.Ordinal).SelectMany(name => Values(pass, name)));

    /// <summary>The text without secrets, on one line, at most <paramref name="most"/> characters.</summary>
    public string Quote(string text, int most)
    {
        var clean = Apply(text);
        var line = string.Concat(clean.Select(static character => IsInvisible(character) ? ' ' : character)).Trim();
        if (line.Length <= most)
        {
            return line;
        }

        var end = char.IsHighSurrogate(line[most - 2]) ? most - 2 : most - 1;
        return line[..end] + "…";
    }

    /// <summary>The text without secrets.</summary>
    public string Apply(string text) => AnyToken.Replace(_secrets.Aggregate(text, static (current, secret) => current.Replace(secret, Mark, StringComparison.Ordinal)), "$1:" + Mark);

    /// <summary>A multi-line secret, such as a key file, is quoted by line. Of a bot token the part behind the colon is what is secret, and may stand alone.</summary>
    private static IEnumerable<string> Lines(string secret)
    {
        var whole = secret.Trim();
        var lines = secret.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Append(whole);
        return AnyToken.Match(whole) is { Success: true } token && token.Length == whole.Length ? lines.Append(whole[(whole.IndexOf(':', StringComparison.Ordinal) + 1)..]) : lines;
    }

    /// <summary>What moves the cursor of a terminal, or turns the direction in which text is read.</summary>
    private static bool IsInvisible(char character) => char.IsControl(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static IEnumerable<string> Names(InstancePass pass)
    {
        yield return ObjectNames.GeneratedSecret(pass.Name);
        yield return ObjectNames.DatabaseSecret(pass.Name);
        yield return ObjectNames.ManagedDatabaseSecret(pass.Name);
        yield return ObjectNames.TelegramSecret(pass.Name);
        if (pass.Spec.SecretRef is { } secret)
        {
            yield return secret.Name;
        }

        if (pass.Spec.Database.External is { } external)
        {
            yield return external.CredentialsSecretRef.Name;
        }

        foreach (var variable in pass.Spec.Env ?? [])
        {
            if (variable.ValueFrom?.SecretKeyRef is { } key)
            {
                yield return key.Name;
            }
        }
    }

    private static IEnumerable<string> Values(InstancePass pass, string name) => pass.Observed.Find(ResourceTypes.Secret, name) is { Json.IsEmpty: false } secret
        ? DataOf.Secret(secret)!.Values.Select(Encoding.UTF8.GetString)
        : [];

    [GeneratedRegex("(?<![0-9])([0-9]{1,20})(?::|%3A)[A-Za-z0-9_-]{35}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AnyToken { get; }
}
