using System.Globalization;
using System.Text;
using System.Text.Json;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>What the value of a key looks like.</summary>
/// <param name="Text">For the reader of a table.</param>
/// <param name="Check">What is wrong with a value that is neither empty nor binary; null when nothing is known to be.</param>
internal sealed record KeyForm(string Text, Func<byte[], KeyRemark?> Check);

/// <summary>Something to say of a value.</summary>
/// <param name="Text">The end of a sentence that begins with the key; never a part of the value.</param>
/// <param name="IsFault">The application cannot use the value. Otherwise it is merely unusual.</param>
internal sealed record KeyRemark(string Text, bool IsFault);

/// <summary>The forms of known keys. Pure; what is refused is decided elsewhere, here is only said what is so.</summary>
internal static class KeyForms
{
    /// <summary>The end of what <c>echo</c> writes, and the beginning of many riddles.</summary>
    public const string LineBreak = "ends with a line break, which the application gets too";

    /// <summary>Any text on one line.</summary>
    public static readonly KeyForm Text = new("text", static value => OneLine(value));

    /// <summary>A bot token.</summary>
    public static readonly KeyForm BotToken = new(
        "a number, a colon, 35 letters, digits, _ or -",
        static value => Reconciliation.BotToken.Of(value) is Reconciliation.BotToken.Malformed(var fault) ? Fault(fault) : null);

    /// <summary>A whole number.</summary>
    public static readonly KeyForm Number = new(
        "a whole number",
        static value => long.TryParse(Trimmed(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? OneLine(value) : Fault("is not a whole number"));

    /// <summary>Users' ids.</summary>
    public static readonly KeyForm Users = new(
        "whole numbers, comma-separated",
        static value => UserList.Parse(value) is UserList.Malformed(var fault) ? Fault(fault) : null);

    /// <summary>Ids and names.</summary>
    public static readonly KeyForm Names = new("123:Alice,456:Bob", static value => Pairs(Trimmed(value)));

    /// <summary>Words between commas.</summary>
    public static readonly KeyForm List = new(
        "comma-separated",
        static value => Trimmed(value).Split(',').Any(string.IsNullOrWhiteSpace) ? Hint("has nothing between two commas, or a comma at an end") : OneLine(value));

    /// <summary>JSON.</summary>
    public static readonly KeyForm Json = new("JSON, an object or a list", static value => IsJson(value) ? null : Fault("is not JSON with an object or a list"));

    /// <summary>An address of the web.</summary>
    public static readonly KeyForm Address = new("an http or https address", static value => IsAddress(Trimmed(value)) ? OneLine(value) : Fault("is not an http or https address"));

    /// <summary>Addresses of the web.</summary>
    public static readonly KeyForm Addresses = new(
        "http or https addresses, comma-separated",
        static value => Trimmed(value).Split(',').All(part => IsAddress(part.Trim())) ? OneLine(value) : Fault("is not a comma-separated list of http or https addresses"));

    /// <summary>A contact.</summary>
    public static readonly KeyForm MailTo = new(
        "mailto: and an address",
        static value => Trimmed(value) is var text && text.StartsWith("mailto:", StringComparison.Ordinal) && text.IndexOf('@', StringComparison.Ordinal) > "mailto:".Length
            ? OneLine(value)
            : Fault("is not mailto: and an e-mail address, and push services may refuse it"));

    /// <summary>Private half of a Web Push pair. Other forms than the raw one are accepted when the public half is there too.</summary>
    public static readonly KeyForm VapidPrivate = new(
        "raw P-256 key, 43 characters of URL-safe base64",
        static value => VapidKey.PublicOf(value) is null ? Hint("is not a raw P-256 key (43 characters of URL-safe base64), so nobody here can tell whether it belongs to the public one") : null);

    /// <summary>Public half of a Web Push pair.</summary>
    public static readonly KeyForm VapidPublic = new(
        "raw P-256 point, 87 characters of URL-safe base64",
        static value => Trimmed(value).TrimEnd('=').Length == VapidKey.PublicLength ? OneLine(value) : Hint("is not a raw P-256 point (87 characters of URL-safe base64)"));

    /// <summary>A provider's key by its beginning. Providers change that, and other servers speak their protocols: no more than a hint.</summary>
    public static KeyForm Begins(string prefix, string provider) => new(
        $"usually begins with {prefix}",
        value => Trimmed(value).StartsWith(prefix, StringComparison.Ordinal) ? OneLine(value) : OneLine(value) ?? Hint($"does not begin with {prefix}, as keys of {provider} do; it may be another provider's"));

    /// <summary>What is wrong with any value, whatever its key.</summary>
    public static KeyRemark? Of(KeyForm? form, byte[] value)
    {
        if (value.Length == 0)
        {
            return Fault("is empty");
        }

        if (value.AsSpan().Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(value))
        {
            return Fault("is not UTF-8 text");
        }

        // A file, for example, of which nothing is known: its last line break may belong there.
        return form is null ? (EndsLine(value) ? Hint(LineBreak) : null) : form.Check(value);
    }

    private static KeyRemark? OneLine(byte[] value) => EndsLine(value) ? Fault(LineBreak) : null;

    private static bool EndsLine(byte[] value) => value[^1] is (byte)'\n' or (byte)'\r';

    private static KeyRemark? Pairs(string text)
    {
        foreach (var pair in text.Split(','))
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || string.IsNullOrWhiteSpace(pair[(colon + 1)..]) || UserList.Parse(Encoding.UTF8.GetBytes(pair[..colon])) is not UserList.WellFormed { Ids.Length: 1 })
            {
                return Fault("is not a comma-separated list of id:name; the application would ignore all names");
            }
        }

        return null;
    }

    private static bool IsJson(byte[] value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            return json.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    private static string Trimmed(byte[] value) => Encoding.UTF8.GetString(value).Trim();

    private static KeyRemark Fault(string text) => new(text, IsFault: true);

    private static KeyRemark Hint(string text) => new(text, IsFault: false);
}
