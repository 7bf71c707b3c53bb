using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Schema;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>Checks of the Secret that becomes the application's environment.</summary>
internal static partial class SecretChecks
{
    private static readonly SearchValues<byte> Control = SearchValues.Create([0]);

    public static Finding? Check(InstanceSpec spec, SecretsPicture picture)
    {
        if (spec.SecretRef is not { Name: var name })
        {
            return null;
        }

        return picture.Secret is null
            ? new Finding(SecretsReasons.SecretNotFound, $"spec.secretRef: Secret {name} does not exist in this namespace. Create it; the instance goes on by itself.")
            : Keys(name, picture.Secret) ?? Pair(name, picture.Secret);
    }

    private static Finding? Keys(string name, IReadOnlyDictionary<string, byte[]> secret)
    {
        foreach (var (key, value) in secret.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            // The API server refuses a pod with a variable of such a name.
            if (!EnvironmentName.IsMatch(key))
            {
                return new Finding(SecretsReasons.InvalidKey, $"Secret {name}: the key {key} cannot be an environment variable, so the application would not get it. Rename or remove it.");
            }

            // The token has a check, and a message, of its own.
            if (key != AppContract.BotToken && !IsText(value))
            {
                return new Finding(SecretsReasons.InvalidValue, $"Secret {name}: the value of {key} is not UTF-8 text. Enter it again; a value under stringData is text.");
            }
        }

        return secret.TryGetValue(GeneratedKeys.SessionSecret, out var session) && session.AsSpan().Trim(" \r\n\t"u8).IsEmpty
            ? new Finding(SecretsReasons.InvalidValue, $"Secret {name}: {GeneratedKeys.SessionSecret} is empty, so anybody could forge a session. Remove the key to use a generated one, or enter a long random value.")
            : null;
    }

    /// <summary>The pair is taken as a whole from one place: half of it from here and half generated would not fit together.</summary>
    private static Finding? Pair(string name, IReadOnlyDictionary<string, byte[]> secret)
    {
        var hasPublic = secret.TryGetValue(GeneratedKeys.VapidPublic, out var publicKey);
        if (!secret.TryGetValue(GeneratedKeys.VapidPrivate, out var privateKey))
        {
            return hasPublic
                ? new Finding(SecretsReasons.InvalidKeyPair, $"Secret {name} holds {GeneratedKeys.VapidPublic} without {GeneratedKeys.VapidPrivate}. Add the private key, or remove the public one to use a generated pair.")
                : null;
        }

        var derived = VapidKey.PublicOf(privateKey);
        if (!hasPublic)
        {
            return derived is null
                ? new Finding(SecretsReasons.InvalidKeyPair, $"Secret {name}: {GeneratedKeys.VapidPrivate} is not a raw P-256 key (43 characters of URL-safe base64). Correct it, or remove it to use a generated pair.")
                : null;
        }

        // Other forms of a private key (PEM, DER) are the application's business as long as both halves are given.
        return derived is not null && derived != Encoding.UTF8.GetString(publicKey!).TrimEnd('=')
            ? new Finding(SecretsReasons.InvalidKeyPair, $"Secret {name}: {GeneratedKeys.VapidPublic} does not belong to {GeneratedKeys.VapidPrivate}. Enter the pair that was generated together, or remove the public key: it is derived.")
            : null;
    }

    private static bool IsText(byte[] value) =>
        value.AsSpan().IndexOfAny(Control) < 0 && System.Text.Unicode.Utf8.IsValid(value);

    [GeneratedRegex(Patterns.EnvironmentName)]
    private static partial Regex EnvironmentName { get; }
}
