using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Schema;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>
/// <c>status.secrets</c>: what the application gets from Secrets, key by key. Pure. Names, places and words of our own only, never a value. It says more than <see cref="SecretsPlan"/>
/// refuses: a wrong calendar password is nobody's reason to stop the bot.
/// </summary>
internal static partial class SecretInventory
{
    /// <summary>Most entries; what is wrong or known comes before the rest.</summary>
    public const int MostEntries = 100;

    private const int LongestMessage = 512;

    /// <summary>The entries, sorted by name.</summary>
    /// <param name="instance">Name of the instance.</param>
    /// <param name="spec">Its spec.</param>
    /// <param name="picture">What it names.</param>
    public static ImmutableArray<SecretStatus> Of(string instance, InstanceSpec spec, SecretsPicture picture)
    {
        var entries = new Dictionary<string, SecretStatus>(StringComparer.Ordinal);
        foreach (var entry in OfSecret(spec, picture).Concat(OfGenerated(instance, picture)).Concat(OfEnvironment(spec, picture)))
        {
            entries[entry.Name] = entry;
        }

        return
        [
            .. entries.Values
                .OrderBy(static entry => entry switch { { Valid: false } => 0, { Message: not null } => 1, _ when SecretCatalogue.Find(entry.Name) is not null => 2, _ => 3 })
                .ThenBy(static entry => entry.Name, StringComparer.Ordinal)
                .Take(MostEntries)
                .OrderBy(static entry => entry.Name, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<SecretStatus> OfSecret(InstanceSpec spec, SecretsPicture picture)
    {
        if (spec.SecretRef is not { Name: var name })
        {
            yield break;
        }

        foreach (var (key, value) in picture.Secret ?? new Dictionary<string, byte[]>())
        {
            yield return KeyShadows.Of(key, spec, picture) is { } shadow
                ? new SecretStatus { Name = key, Source = $"Secret {name}", Present = true, Valid = true, Consequence = ChangeConsequence.None, Message = shadow }
                : Present(key, $"Secret {name}", Remark(key, value, picture.Secret!));
        }

        if (DataOf.ValueOf(picture.Secret, AppContract.BotToken) is null)
        {
            yield return Absent(AppContract.BotToken, $"Secret {name}", "Telegram is off.");
        }
    }

    /// <summary>The pair is taken from one place as a whole.</summary>
    private static IEnumerable<SecretStatus> OfGenerated(string instance, SecretsPicture picture)
    {
        var name = ObjectNames.GeneratedSecret(instance);
        var generated = picture.SecretOf(name);
        List<string> keys = DataOf.ValueOf(picture.Secret, GeneratedKeys.SessionSecret) is null ? [GeneratedKeys.SessionSecret] : [];
        if (DataOf.ValueOf(picture.Secret, GeneratedKeys.VapidPrivate) is null && DataOf.ValueOf(picture.Secret, GeneratedKeys.VapidPublic) is null)
        {
            keys.AddRange([GeneratedKeys.VapidPrivate, GeneratedKeys.VapidPublic]);
        }

        return keys.Select(key => DataOf.ValueOf(generated, key) is { } value
            ? Present(key, $"Secret {name} (generated)", Remark(key, value, generated!))
            : Absent(key, $"Secret {name} (generated)", message: null));
    }

    private static IEnumerable<SecretStatus> OfEnvironment(InstanceSpec spec, SecretsPicture picture)
    {
        foreach (var variable in spec.Env ?? [])
        {
            if (variable.ValueFrom?.SecretKeyRef is { } reference)
            {
                var source = $"spec.env (Secret {reference.Name}, key {reference.Key})";
                yield return DataOf.ValueOf(picture.SecretOf(reference.Name), reference.Key) is { } value
                    ? Present(variable.Name, source, KeyForms.Of(SecretCatalogue.Find(variable.Name)?.Form, value))
                    : Absent(variable.Name, source, reference.Optional == true ? null : "The pod needs it to start.");
            }
            else if (variable.Value is { Length: > 0 } text && SecretCatalogue.Find(variable.Name) is { IsSecret: true } known)
            {
                var remark = KeyForms.Of(known.Form, Encoding.UTF8.GetBytes(text));
                yield return Present(variable.Name, "spec.env", remark is { IsFault: true } ? remark : new KeyRemark("stands in the spec, where more people can read it than in a Secret: use valueFrom", IsFault: false));
            }
        }
    }

    /// <summary>What is wrong with a key of a Secret, the other keys considered.</summary>
    private static KeyRemark? Remark(string key, byte[] value, IReadOnlyDictionary<string, byte[]> secret)
    {
        if (!EnvironmentName.IsMatch(key))
        {
            return new KeyRemark("cannot be the name of an environment variable, so the application would not get it", IsFault: true);
        }

        if (key == GeneratedKeys.VapidPublic && value.Length > 0)
        {
            var derived = DataOf.ValueOf(secret, GeneratedKeys.VapidPrivate) is { } own ? VapidKey.PublicOf(own) : null;
            if (derived is not null && derived != Encoding.UTF8.GetString(value).TrimEnd('='))
            {
                return new KeyRemark($"does not belong to {GeneratedKeys.VapidPrivate}", IsFault: true);
            }
        }

        return KeyForms.Of(SecretCatalogue.Find(key)?.Form, value);
    }

    private static SecretStatus Present(string name, string source, KeyRemark? remark) => new()
    {
        Name = name,
        Source = source,
        Present = true,
        Valid = remark is not { IsFault: true },
        Consequence = ConsequenceOf(name),
        Message = remark is null ? null : Sentence(remark.Text),
    };

    private static SecretStatus Absent(string name, string source, string? message) => new() { Name = name, Source = source, Consequence = ConsequenceOf(name), Message = message };

    private static ChangeConsequence ConsequenceOf(string name) => SecretCatalogue.Find(name)?.Change ?? ChangeConsequence.Rollout;

    private static string Sentence(string text) => $"It {(text.Length < LongestMessage - 4 ? text : text[..(LongestMessage - 5)])}.";

    [GeneratedRegex(Patterns.EnvironmentName)]
    private static partial Regex EnvironmentName { get; }
}
