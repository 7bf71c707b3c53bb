using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>The variables that a container's pod gives it, in a kubelet's order: the API server's address, <c>envFrom</c>, then <c>env</c>; the later wins.</summary>
/// <param name="objects">Where Secrets and ConfigMaps are read.</param>
/// <param name="apiServer">Address of the API server as pods reach it.</param>
internal sealed partial class ContainerEnvironment(IPodObjects objects, IPEndPoint apiServer)
{
    /// <exception cref="ContainerConfigException">Something that is not optional is missing.</exception>
    public async Task<IReadOnlyDictionary<string, string>> BuildAsync(V1Pod pod, V1Container container, PodIps addresses, CancellationToken cancellation)
    {
        var variables = new Dictionary<string, string>
        {
            ["KUBERNETES_SERVICE_HOST"] = $"{apiServer.Address}",
            ["KUBERNETES_SERVICE_PORT"] = $"{apiServer.Port}",
            ["KUBERNETES_SERVICE_PORT_HTTPS"] = $"{apiServer.Port}",
        };
        foreach (var source in container.EnvFrom ?? [])
        {
            foreach (var (key, value) in await AllAsync(pod.Metadata.NamespaceProperty, source, cancellation))
            {
                if (VariableName().IsMatch(source.Prefix + key))
                {
                    variables[source.Prefix + key] = value;
                }
            }
        }

        foreach (var variable in container.Env ?? [])
        {
            var value = variable.ValueFrom is { } source && string.IsNullOrEmpty(variable.Value)
                ? await OneAsync(pod, container, source, addresses, cancellation)
                : Expansion.Expand(variable.Value ?? "", variables);
            if (value is not null)
            {
                variables[variable.Name] = value;
            }
        }

        return variables;
    }

    private async Task<IEnumerable<KeyValuePair<string, string>>> AllAsync(string @namespace, V1EnvFromSource source, CancellationToken cancellation)
    {
        if (source.SecretRef is { } secret)
        {
            var found = await objects.SecretAsync(@namespace, secret.Name, cancellation);
            return found is null && secret.Optional != true
                ? throw Missing("secret", secret.Name)
                : (found?.Data ?? new Dictionary<string, byte[]>()).Select(entry => KeyValuePair.Create(entry.Key, Encoding.UTF8.GetString(entry.Value)));
        }

        if (source.ConfigMapRef is { } map)
        {
            var found = await objects.ConfigMapAsync(@namespace, map.Name, cancellation);
            return found is null && map.Optional != true ? throw Missing("configmap", map.Name) : found?.Data ?? new Dictionary<string, string>();
        }

        return [];
    }

    private async Task<string?> OneAsync(V1Pod pod, V1Container container, V1EnvVarSource source, PodIps addresses, CancellationToken cancellation)
    {
        var @namespace = pod.Metadata.NamespaceProperty;
        switch (source)
        {
            case { FieldRef: { } field }:
                return DownwardApi.Field(pod, field.FieldPath, addresses);
            case { ResourceFieldRef: { } resource }:
                return DownwardApi.Resource(pod, container.Name, resource);
            case { SecretKeyRef: { } key }:
                var secret = await objects.SecretAsync(@namespace, key.Name, cancellation);
                return secret?.Data?.TryGetValue(key.Key, out var bytes) == true ? Encoding.UTF8.GetString(bytes)
                    : key.Optional == true ? null
                    : throw (secret is null ? Missing("secret", key.Name) : MissingKey(key.Key, "Secret", @namespace, key.Name));
            case { ConfigMapKeyRef: { } key }:
                var map = await objects.ConfigMapAsync(@namespace, key.Name, cancellation);
                return map?.Data?.TryGetValue(key.Key, out var text) == true ? text
                    : key.Optional == true ? null
                    : throw (map is null ? Missing("configmap", key.Name) : MissingKey(key.Key, "ConfigMap", @namespace, key.Name));
            default:
                throw new ContainerConfigException("an environment variable has a source of an unknown kind");
        }
    }

    private static ContainerConfigException Missing(string kind, string name) => new($"{kind} \"{name}\" not found");

    private static ContainerConfigException MissingKey(string key, string kind, string @namespace, string name) => new($"couldn't find key {key} in {kind} {@namespace}/{name}");

    [GeneratedRegex("^[-._a-zA-Z][-._a-zA-Z0-9]*$")]
    private static partial Regex VariableName();
}
