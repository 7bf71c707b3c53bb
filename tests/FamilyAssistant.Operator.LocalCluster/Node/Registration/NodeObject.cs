using System.Runtime.InteropServices;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Registration;

/// <summary>The Node object as a kubelet would write it.</summary>
internal static class NodeObject
{
    /// <summary>Generous: what runs here is small, and a pod that asks for more than this is one that no node could take.</summary>
    private static readonly Dictionary<string, ResourceQuantity> Capacity = new()
    {
        ["cpu"] = new("64"),
        ["memory"] = new("128Gi"),
        ["ephemeral-storage"] = new("1Ti"),
        ["pods"] = new("250"),
    };

    private static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        var other => other.ToString().ToLowerInvariant(),
    };

    public static V1Node Build(NodeSettings settings, DateTimeOffset now) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = settings.Name,
            Labels = new Dictionary<string, string>
            {
                ["kubernetes.io/hostname"] = settings.Name,
                ["kubernetes.io/os"] = "linux",
                ["kubernetes.io/arch"] = Architecture,
            },
        },
        Status = Status(settings, now),
    };

    public static V1NodeStatus Status(NodeSettings settings, DateTimeOffset now) => new()
    {
        Addresses =
        [
            new V1NodeAddress { Type = "InternalIP", Address = settings.Address.ToString() },
            new V1NodeAddress { Type = "Hostname", Address = settings.Name },
        ],
        Capacity = Capacity,
        Allocatable = Capacity,
        DaemonEndpoints = new V1NodeDaemonEndpoints { KubeletEndpoint = new V1DaemonEndpoint { Port = NodeSettings.KubeletPort } },
        NodeInfo = new V1NodeSystemInfo
        {
            Architecture = Architecture,
            OperatingSystem = "linux",
            KernelVersion = Environment.OSVersion.Version.ToString(),
            OsImage = RuntimeInformation.OSDescription,
            ContainerRuntimeVersion = "bubblewrap://0",
            KubeletVersion = settings.Version.Text,
            KubeProxyVersion = settings.Version.Text,
            MachineID = settings.Name,
            SystemUUID = settings.Name,
            BootID = settings.Name,
        },
        Conditions =
        [
            Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", now),
            Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", now),
            Condition("PIDPressure", "False", "KubeletHasSufficientPID", now),
            Condition("Ready", "True", "KubeletReady", now),
        ],
    };

    private static V1NodeCondition Condition(string type, string status, string reason, DateTimeOffset now) => new()
    {
        Type = type,
        Status = status,
        Reason = reason,
        Message = "posted by the node agent of the local cluster",
        LastHeartbeatTime = now.UtcDateTime,
        LastTransitionTime = now.UtcDateTime,
    };
}
