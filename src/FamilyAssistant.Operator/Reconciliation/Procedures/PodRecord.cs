using System.Collections.Immutable;
using System.Globalization;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>A pod of the application as operations record and compare it.</summary>
/// <param name="Source">The object as it was read; null for one that is only known from a record.</param>
/// <param name="Name">Name; a StatefulSet gives it again to the pod's successor.</param>
/// <param name="Uid">UID; its successor has another.</param>
/// <param name="IsReady">It passes its readiness probe.</param>
internal sealed record PodRecord(ClusterObject? Source, string Name, string Uid, bool IsReady)
{
    private const string UidSuffix = ".uid";

    /// <summary>It is being deleted.</summary>
    public bool IsTerminating => Source?.IsTerminating == true;

    /// <summary>How often its containers have been started again.</summary>
    public int Restarts => Source?.Read<V1Pod>().Status?.ContainerStatuses?.Sum(container => container.RestartCount) ?? 0;

    /// <summary>How a container of it ended last: exit code, and the word for it where that says more; null: none has.</summary>
    public string? LastEnd => Source?.Read<V1Pod>().Status?.ContainerStatuses?.Select(container => container.LastState?.Terminated ?? container.State?.Terminated).FirstOrDefault(end => end is not null) is { } end
        ? string.Create(CultureInfo.InvariantCulture, $"exit code {end.ExitCode}{(end.Reason is { Length: > 0 } reason ? $" ({reason})" : "")}")
        : null;

    /// <summary>Reads pods; in the order of their names.</summary>
    public static ImmutableArray<PodRecord> Of(IEnumerable<ClusterObject> pods) =>
        [.. pods.Select(Of).OrderBy(pod => pod.Name, StringComparer.Ordinal)];

    /// <summary>What identifies each pod and how long it has run, as evidence.</summary>
    public static Dictionary<string, string> Evidence(IEnumerable<PodRecord> pods)
    {
        var evidence = new Dictionary<string, string>();
        foreach (var pod in pods)
        {
            var status = pod.Source!.Read<V1Pod>().Status;
            evidence[pod.Name + UidSuffix] = pod.Uid;
            evidence[pod.Name + ".restarts"] = (status?.ContainerStatuses?.Sum(container => container.RestartCount) ?? 0).ToString(CultureInfo.InvariantCulture);
            if (status?.StartTime is { } started)
            {
                evidence[pod.Name + ".started"] = started.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            }
        }

        return evidence;
    }

    /// <summary>Names and UIDs of the pods that were recorded.</summary>
    public static ImmutableArray<(string Name, string Uid)> Recorded(IReadOnlyDictionary<string, string> evidence) =>
        [.. evidence.Where(entry => entry.Key.EndsWith(UidSuffix, StringComparison.Ordinal)).Select(entry => (entry.Key[..^UidSuffix.Length], entry.Value)).Order()];

    /// <summary>Names for a message.</summary>
    public static string Names(IEnumerable<PodRecord> pods) => string.Join(", ", pods.Select(pod => pod.Name));

    private static PodRecord Of(ClusterObject pod) => new(
        pod,
        pod.Key.Name,
        pod.Uid,
        !pod.IsTerminating && pod.Read<V1Pod>().Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true);
}
