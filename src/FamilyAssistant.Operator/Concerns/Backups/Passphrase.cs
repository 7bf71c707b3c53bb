using System.Text;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>The passphrase of the part Secrets, as GnuPG will read it: one line of text. Only what is wrong with it leaves this type. Pure.</summary>
internal static class Passphrase
{
    /// <summary>Shortest one, in characters.</summary>
    public const int Shortest = 12;

    /// <summary>Longest one, in bytes: what GnuPG takes from a file.</summary>
    public const int Longest = 255;

    /// <summary>What is wrong, as a reason and a message; null: nothing.</summary>
    /// <param name="reference">Where it is.</param>
    /// <param name="data">The content of the Secret; null: there is no such Secret.</param>
    public static (string Reason, string Message)? Fault(PassphraseReference reference, IReadOnlyDictionary<string, byte[]>? data)
    {
        if (data is null)
        {
            return (BackupsReasons.PassphraseNotFound, $"spec.backup.encryption.passphraseSecretRef: Secret {reference.Name} does not exist in this namespace. Create it with the key {reference.Key}, and keep a copy outside the cluster.");
        }

        if (!data.TryGetValue(reference.Key, out var value))
        {
            return (BackupsReasons.PassphraseNotFound, $"spec.backup.encryption.passphraseSecretRef: Secret {reference.Name} has no key {reference.Key}. Add it, or name the right key.");
        }

        return FaultOf(value) is { } fault
            ? (BackupsReasons.PassphraseInvalid, $"spec.backup.encryption.passphraseSecretRef: key {reference.Key} of Secret {reference.Name} {fault}")
            : null;
    }

    private static string? FaultOf(byte[] value)
    {
        if (value.Length == 0)
        {
            return "is empty. Enter a passphrase.";
        }

        if (!System.Text.Unicode.Utf8.IsValid(value))
        {
            return "is not text. Enter a passphrase that a person can type.";
        }

        var text = Encoding.UTF8.GetString(value);
        if (text.Any(char.IsControl))
        {
            return "has a line break or another control character: GnuPG would read something else than you. Write it with kubectl create secret --from-literal, or with printf %s.";
        }

        return text.EnumerateRunes().Count() < Shortest ? $"is shorter than {Shortest} characters. Take a longer one; sets that exist need the present one."
            : value.Length > Longest ? $"is longer than {Longest} bytes, of which GnuPG would ignore the rest. Take a shorter one."
            : null;
    }
}
