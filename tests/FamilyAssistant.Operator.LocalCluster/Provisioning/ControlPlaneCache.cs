using FamilyAssistant.Operator.LocalCluster.ControlPlane;

namespace FamilyAssistant.Operator.LocalCluster.Provisioning;

/// <summary>Sets of programs in folders. A folder of the cache is complete as soon as it exists: it is filled under another name and renamed.</summary>
internal static class ControlPlaneCache
{
    /// <summary>The set in a folder; null when etcd or kube-apiserver is missing. Programs that a folder lacks may be on PATH.</summary>
    public static ControlPlaneBinaries? Read(string folder, string source)
    {
        var apiServer = InFolder(folder, "kube-apiserver");
        var etcd = InFolder(folder, "etcd") ?? SearchPath.Find("etcd");
        var kubectl = InFolder(folder, "kubectl") ?? SearchPath.Find("kubectl");
        return apiServer is null || etcd is null || kubectl is null
            ? null
            : new ControlPlaneBinaries(etcd, apiServer, InFolder(folder, "kube-controller-manager"), kubectl, source);
    }

    /// <summary>The folders of the cache whose programs this version of the tool would itself fetch or build, the preferred one first.</summary>
    public static IEnumerable<string> Folders()
    {
        var official = OfficialRelease.CacheKey;
        return !Directory.Exists(CacheFolders.ControlPlanes)
            ? []
            : Directory.GetDirectories(CacheFolders.ControlPlanes)
                .Where(folder => Path.GetFileName(folder) is var key && (key == official || DebianSource.IsCacheKey(key)))
                .OrderBy(folder => Path.GetFileName(folder) != official)
                .ThenByDescending(folder => folder, StringComparer.Ordinal);
    }

    private static string? InFolder(string folder, string program)
        => Path.Combine(folder, program) is var path && SearchPath.IsExecutable(path) ? path : null;
}
