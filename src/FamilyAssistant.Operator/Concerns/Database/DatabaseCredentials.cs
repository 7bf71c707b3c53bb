using System.Text;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>User name and password as a Secret holds them, or what is wrong with them. No message ever holds a value.</summary>
internal abstract record DatabaseCredentials
{
    private const string Field = "spec.database.external.credentialsSecretRef";

    /// <summary>PostgreSQL cuts longer role names.</summary>
    private const int LongestUsername = 63;

    private const int LongestPassword = 1024;

    private DatabaseCredentials()
    {
    }

    /// <summary>Both are usable.</summary>
    internal sealed record Valid(string Username, string Password) : DatabaseCredentials
    {
        /// <inheritdoc />
        public override string ToString() => Username;
    }

    /// <summary>One of them is not.</summary>
    internal sealed record Invalid(string Reason, string Message) : DatabaseCredentials;

    /// <summary>Reads them.</summary>
    /// <param name="reference">Where they are said to be.</param>
    /// <param name="data">Data of that Secret; null when it does not exist.</param>
    public static DatabaseCredentials Read(CredentialsReference reference, IReadOnlyDictionary<string, byte[]>? data)
    {
        if (data is null)
        {
            return new Invalid(DatabaseReasons.SecretNotFound, $"{Field}.name: Secret {reference.Name} does not exist in this namespace. Create it; the instance goes on by itself.");
        }

        var username = Text(reference, data, "usernameKey", reference.UsernameKey, LongestUsername, out var problem);
        if (problem is not null)
        {
            return problem;
        }

        var password = Text(reference, data, "passwordKey", reference.PasswordKey, LongestPassword, out problem);
        if (problem is not null)
        {
            return problem;
        }

        return username.Any(char.IsControl) || username.Any(char.IsWhiteSpace)
            ? new Invalid(DatabaseReasons.InvalidCredentials, $"{Field}.usernameKey: key {reference.UsernameKey} of Secret {reference.Name} holds white space or control characters, which no role name has.")
            : new Valid(username, password);
    }

    private static string Text(CredentialsReference reference, IReadOnlyDictionary<string, byte[]> data, string field, string key, int longest, out Invalid? problem)
    {
        var where = $"key {key} of Secret {reference.Name}";
        problem = null;
        if (!data.TryGetValue(key, out var bytes))
        {
            problem = new Invalid(DatabaseReasons.KeyNotFound, $"{Field}.{field}: Secret {reference.Name} has no key {key}. Add it, or name the right key.");
            return "";
        }

        if (bytes.Length == 0)
        {
            problem = Refuse("is empty");
        }
        else if (bytes[^1] is (byte)'\n' or (byte)'\r')
        {
            problem = Refuse("ends with a line break, which would become part of it; write it without (printf, or kubectl create secret --from-literal)");
        }
        else if (bytes.Length > longest)
        {
            problem = Refuse($"is longer than {longest} bytes");
        }
        else if (!TryDecode(bytes, out var text))
        {
            problem = Refuse("is not text in UTF-8, or holds a zero byte");
        }
        else
        {
            return text;
        }

        return "";

        Invalid Refuse(string why) => new(DatabaseReasons.InvalidCredentials, $"{Field}.{field}: {where} {why}.");
    }

    private static bool TryDecode(byte[] bytes, out string text)
    {
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
            return !text.Contains('\0');
        }
        catch (ArgumentException)
        {
            text = "";
            return false;
        }
    }
}
