using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Storage;

/// <summary>The classes of a new cluster. Further ones may name the same provisioner, with any reclaim policy and binding mode.</summary>
public static class StorageClasses
{
    /// <summary>Name of the provisioner.</summary>
    public const string Provisioner = "localcluster/folder";

    /// <summary>The default: can be expanded, and makes a volume once a pod needs it, as most clusters' default does.</summary>
    public const string Standard = "standard";

    /// <summary>Cannot be expanded; makes a volume at once.</summary>
    public const string FixedSize = "fixed-size";

    /// <summary>
    /// The size of its volumes is a limit: a full one refuses writes, as a disk does. They are in memory, can be expanded, and are made at once. Only where this process may mount
    /// (<see cref="NodeAgent.CanLimitVolumes"/>); elsewhere the class does not exist.
    /// </summary>
    public const string Limited = "limited";

    private const string LimitParameter = "limit";

    /// <summary>Whether volumes of a class cannot hold more than their size.</summary>
    internal static bool Limits(V1StorageClass storageClass) => storageClass.Parameters?.TryGetValue(LimitParameter, out var value) == true && value == "true";

    internal static async Task EnsureAsync(IKubernetes client, CancellationToken cancellation)
    {
        V1StorageClass[] classes =
        [
            Build(Standard, "WaitForFirstConsumer", expands: true, new Dictionary<string, string> { ["storageclass.kubernetes.io/is-default-class"] = "true" }),
            Build(FixedSize, "Immediate", expands: false),
            .. await LimitedFolders.ArePossibleAsync() ? [Build(Limited, "Immediate", expands: true, parameters: new Dictionary<string, string> { [LimitParameter] = "true" })] : Array.Empty<V1StorageClass>(),
        ];
        foreach (var item in classes)
        {
            try
            {
                await client.StorageV1.CreateStorageClassAsync(item, cancellationToken: cancellation);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
            {
                // From an earlier start over the same data.
            }
        }
    }

    private static V1StorageClass Build(string name, string binding, bool expands, IDictionary<string, string>? annotations = null, IDictionary<string, string>? parameters = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Annotations = annotations },
        Provisioner = Provisioner,
        Parameters = parameters,
        ReclaimPolicy = "Delete",
        VolumeBindingMode = binding,
        AllowVolumeExpansion = expands,
    };
}
