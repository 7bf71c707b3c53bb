using System.Collections.Immutable;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>What stops nothing and still explains a disappointment later.</summary>
internal static class SecretNotes
{
    public static ImmutableArray<string> Of(InstanceSpec spec, SecretsPicture picture) =>
    [
        .. Secret(spec, picture),
        .. Config(spec, picture.Config),
        .. (spec.ImagePullSecrets ?? [])
            .Where(pull => picture.SecretOf(pull.Name) is null)
            .Select(pull => $"Secret {pull.Name} of spec.imagePullSecrets does not exist."),
        .. spec.Web?.Tls is { SecretName: var tls } && picture.SecretOf(tls) is null
            ? [$"Secret {tls} of spec.web.tls does not exist: until it does, browsers get the certificate of the ingress controller and warn."]
            : (string[])[],
    ];

    private static IEnumerable<string> Secret(InstanceSpec spec, SecretsPicture picture)
    {
        var secret = picture.Secret;
        if (secret is null)
        {
            yield return "No secretRef: Telegram is off.";
        }
        else
        {
            yield return $"Secret {spec.SecretRef!.Name} has {secret.Count} {(secret.Count == 1 ? "key" : "keys")}{(secret.ContainsKey(AppContract.BotToken) ? "" : " and no bot token: Telegram is off")}.";
            foreach (var (key, value) in secret.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                if (KeyShadows.Of(key, spec, picture) is null && KeyForms.Of(SecretCatalogue.Find(key)?.Form, value) is { } remark)
                {
                    yield return $"{key} {remark.Text}.";
                }
            }
        }

        if (!SecretCatalogue.ProviderKeys.Any(key => secret?.ContainsKey(key) == true || spec.Env?.Any(variable => variable.Name == key) == true))
        {
            yield return $"No key of a language model provider ({string.Join(", ", SecretCatalogue.ProviderKeys)}).";
        }
    }

    private static IEnumerable<string> Config(InstanceSpec spec, IReadOnlyDictionary<string, byte[]>? config)
    {
        if (config is not null && !AppContract.ConfigFiles.Any(config.ContainsKey))
        {
            yield return $"ConfigMap {spec.ConfigRef!.Name} holds none of {string.Join(", ", AppContract.ConfigFiles)}.";
        }
    }
}
