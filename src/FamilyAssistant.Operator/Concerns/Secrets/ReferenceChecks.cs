using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>Checks of the ConfigMap with the application's files and of what <c>spec.env</c> refers to.</summary>
internal static class ReferenceChecks
{
    public static Finding? Check(InstanceSpec spec, SecretsPicture picture) =>
        Config(spec, picture) ?? (spec.Env ?? []).Select(variable => Source(variable, picture)).FirstOrDefault(finding => finding is not null);

    private static Finding? Config(InstanceSpec spec, SecretsPicture picture)
    {
        if (spec.ConfigRef is not { Name: var name })
        {
            return null;
        }

        if (picture.Config is null)
        {
            return new Finding(SecretsReasons.ConfigMapNotFound, $"spec.configRef: ConfigMap {name} does not exist in this namespace. Create it; the instance goes on by itself.");
        }

        var binary = AppContract.ConfigFiles.FirstOrDefault(
            file => picture.Config.TryGetValue(file, out var content) && !System.Text.Unicode.Utf8.IsValid(content));
        return binary is null
            ? null
            : new Finding(SecretsReasons.InvalidValue, $"ConfigMap {name}: {binary} is not UTF-8 text. Enter the file again under data.");
    }

    private static Finding? Source(EnvironmentVariable variable, SecretsPicture picture)
    {
        var field = $"spec.env[{variable.Name}]";
        return variable.ValueFrom switch
        {
            { SecretKeyRef: { } key } => Missing(field, "Secret", key, picture.SecretOf(key.Name), SecretsReasons.SecretNotFound),
            { ConfigMapKeyRef: { } key } => Missing(field, "ConfigMap", key, picture.ConfigMapOf(key.Name), SecretsReasons.ConfigMapNotFound),
            _ => null,
        };
    }

    private static Finding? Missing(string field, string kind, KeyReference key, IReadOnlyDictionary<string, byte[]>? data, string notFound)
    {
        if (key.Optional == true)
        {
            return null;
        }

        if (data is null)
        {
            return new Finding(notFound, $"{field}: {kind} {key.Name} does not exist in this namespace. Create it, or mark the reference optional.");
        }

        return data.ContainsKey(key.Key)
            ? null
            : new Finding(SecretsReasons.KeyNotFound, $"{field}: {kind} {key.Name} has no key {key.Key}. Add it, or mark the reference optional.");
    }
}
