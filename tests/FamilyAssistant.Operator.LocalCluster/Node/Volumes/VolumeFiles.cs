using System.Text;
using FamilyAssistant.Operator.LocalCluster.Node.Pods;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Volumes;

/// <summary>The files of volumes that are made of API objects: Secrets, ConfigMaps, fields of the pod, tokens, and several of these in one.</summary>
internal sealed class VolumeFiles(IPodObjects objects, ServiceAccountTokens tokens)
{
    private const int DefaultMode = 0b110_100_100;

    /// <summary>Null: the volume is of another kind.</summary>
    /// <exception cref="VolumeException">Something that is not optional is missing.</exception>
    public async Task<IReadOnlyList<VolumeFile>?> OfAsync(V1Pod pod, V1Volume volume, PodIps addresses, CancellationToken cancellation)
    {
        var scope = new Scope(pod, volume.Name, addresses, cancellation);
        return volume switch
        {
            { Secret: { } secret } => await SecretAsync(scope, secret.SecretName, secret.Items, secret.Optional, secret.DefaultMode),
            { ConfigMap: { } map } => await ConfigMapAsync(scope, map.Name, map.Items, map.Optional, map.DefaultMode),
            { DownwardAPI: { } fields } => Fields(scope, fields.Items, fields.DefaultMode),
            { Projected: { } projected } => await ProjectedAsync(scope, projected),
            _ => null,
        };
    }

    private async Task<IReadOnlyList<VolumeFile>> ProjectedAsync(Scope scope, V1ProjectedVolumeSource projected)
    {
        var files = new List<VolumeFile>();
        foreach (var source in projected.Sources ?? [])
        {
            files.AddRange(source switch
            {
                { Secret: { } secret } => await SecretAsync(scope, secret.Name, secret.Items, secret.Optional, projected.DefaultMode),
                { ConfigMap: { } map } => await ConfigMapAsync(scope, map.Name, map.Items, map.Optional, projected.DefaultMode),
                { DownwardAPI: { } fields } => Fields(scope, fields.Items, projected.DefaultMode),
                { ServiceAccountToken: { } token } => [await TokenAsync(scope, token, projected.DefaultMode)],
                _ => throw new VolumeException(scope.Volume, $"MountVolume.SetUp failed for volume \"{scope.Volume}\" : a projected source of a kind that this node does not have"),
            });
        }

        // Of several files with one path the last is there.
        return [.. files.GroupBy(file => file.Path).Select(same => same.Last())];
    }

    private async Task<VolumeFile> TokenAsync(Scope scope, V1ServiceAccountTokenProjection token, int? defaultMode)
    {
        try
        {
            var text = await tokens.GetAsync(scope.Pod, token, scope.Cancellation);
            return new VolumeFile(token.Path, Encoding.UTF8.GetBytes(text), defaultMode ?? DefaultMode);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or HttpOperationException)
        {
            throw Failed(scope, $"failed to fetch token: {e.Message}");
        }
    }

    private async Task<IReadOnlyList<VolumeFile>> SecretAsync(Scope scope, string name, IList<V1KeyToPath>? items, bool? optional, int? mode)
    {
        var secret = await objects.SecretAsync(scope.Pod.Metadata.NamespaceProperty, name, scope.Cancellation);
        return secret is null && optional != true
            ? throw Failed(scope, $"secret \"{name}\" not found")
            : Select(scope, secret?.Data, items, optional == true, mode, "secret");
    }

    private async Task<IReadOnlyList<VolumeFile>> ConfigMapAsync(Scope scope, string name, IList<V1KeyToPath>? items, bool? optional, int? mode)
    {
        var map = await objects.ConfigMapAsync(scope.Pod.Metadata.NamespaceProperty, name, scope.Cancellation);
        var data = (map?.Data ?? new Dictionary<string, string>()).Select(entry => KeyValuePair.Create(entry.Key, Encoding.UTF8.GetBytes(entry.Value)))
            .Concat(map?.BinaryData ?? new Dictionary<string, byte[]>());
        return map is null && optional != true
            ? throw Failed(scope, $"configmap \"{name}\" not found")
            : Select(scope, data.ToDictionary(), items, optional == true, mode, "config");
    }

    private static IReadOnlyList<VolumeFile> Select(Scope scope, IDictionary<string, byte[]>? data, IList<V1KeyToPath>? items, bool optional, int? mode, string kind)
    {
        data ??= new Dictionary<string, byte[]>();
        if (items is not { Count: > 0 })
        {
            return [.. data.Select(entry => new VolumeFile(entry.Key, entry.Value, mode ?? DefaultMode))];
        }

        if (!optional && items.FirstOrDefault(item => !data.ContainsKey(item.Key)) is { } missing)
        {
            throw Failed(scope, $"references non-existent {kind} key: {missing.Key}");
        }

        return [.. items.Where(item => data.ContainsKey(item.Key)).Select(item => new VolumeFile(item.Path, data[item.Key], item.Mode ?? mode ?? DefaultMode))];
    }

    private static IReadOnlyList<VolumeFile> Fields(Scope scope, IList<V1DownwardAPIVolumeFile>? items, int? mode)
    {
        try
        {
            return
            [
                .. (items ?? []).Select(item => new VolumeFile(
                    item.Path,
                    Encoding.UTF8.GetBytes(item.FieldRef is { } field
                        ? DownwardApi.Field(scope.Pod, field.FieldPath, scope.Addresses)
                        : DownwardApi.Resource(scope.Pod, item.ResourceFieldRef.ContainerName, item.ResourceFieldRef)),
                    item.Mode ?? mode ?? DefaultMode)),
            ];
        }
        catch (ContainerConfigException e)
        {
            throw Failed(scope, e.Message);
        }
    }

    private static VolumeException Failed(Scope scope, string why) => new(scope.Volume, $"MountVolume.SetUp failed for volume \"{scope.Volume}\" : {why}");

    private sealed record Scope(V1Pod Pod, string Volume, PodIps Addresses, CancellationToken Cancellation);
}
