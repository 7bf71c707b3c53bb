using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Adapters.Conflicts;

/// <summary>
/// Looks for pods that may poll and that this operator does not run, by a live list of all pods where the operator works. One search at a time, whoever asks; what it found is shared.
/// </summary>
internal sealed partial class PollerSearch(IClusterApi api, ICaches caches, MonitorOptions options, TimeProvider time, ILogger<PollerSearch> logger) : IDisposable
{
    private const int MostPods = 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(20);
    private static readonly ResourceType Instances = new(WireNames.Group, WireNames.Version, FamilyAssistantInstance.Plural, FamilyAssistantInstance.KindName);

    private readonly SemaphoreSlim _one = new(1);
    private readonly long _start = time.GetTimestamp();
    private TimeSpan? _begun;
    private TimeSpan? _failed;
    private SuspectedPollers _found = new SuspectedPollers.Unknown();

    /// <summary>Searches, or gives what the last search found when that began no longer ago than <paramref name="age"/>.</summary>
    public async ValueTask<SuspectedPollers> FindAsync(TimeSpan age, CancellationToken ct)
    {
        var newest = Now - age;
        await _one.WaitAsync(ct);
        try
        {
            // Whoever waited behind a search that failed need not fail as slowly.
            if (Now - _failed < PauseAfterFailure)
            {
                return new SuspectedPollers.Unknown();
            }

            if (_begun is not { } begun || begun < newest || _found is SuspectedPollers.Unknown)
            {
                _begun = Now;
                _found = await SearchAsync(ct);
                _failed = _found is SuspectedPollers.Unknown ? Now : null;
            }

            return _found;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private TimeSpan Now => time.GetElapsedTime(_start);

    private async Task<SuspectedPollers> SearchAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            var pods = new List<V1Pod>();
            foreach (var @namespace in options.WatchNamespaces is { Count: > 0 } watched ? watched : [""])
            {
                pods.AddRange((await api.SearchAsync(ResourceTypes.Pod, @namespace, MayPoll, both.Token)).Select(pod => pod.Read<V1Pod>()));
            }

            // A label alone says little: where something bears a surer sign, whatever only has a label is left out.
            var surest = pods.Select(PollerSigns.Of).DefaultIfEmpty().Max();
            SuspectedPoller[] found = [.. pods.Where(pod => PollerSigns.Of(pod) is var sign && (sign > 1 || sign == surest))
                .OrderByDescending(PollerSigns.Of).Select(PollerSigns.Describe).OrderBy(poller => $"{poller.Pod}", StringComparer.Ordinal).Take(MostPods)];
            return found.Length > 0 ? new SuspectedPollers.Found(found) : new SuspectedPollers.None(options.WatchNamespaces.Count == 0);
        }
        catch (ClusterApiException error)
        {
            LogFailed(error.Message);
            return new SuspectedPollers.Unknown();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            LogFailed($"no complete list within {Limit.TotalSeconds:0} seconds");
            return new SuspectedPollers.Unknown();
        }
    }

    private bool MayPoll(ClusterObject pod) => SignOf(pod) > 0 && !IsOurs(pod);

    private static int SignOf(ClusterObject pod)
    {
        try
        {
            return PollerSigns.Of(pod.Read<V1Pod>());
        }
#pragma warning disable CA1031 // A stranger's pod that our model cannot read is none that we know, and must not end the search.
        catch (Exception)
#pragma warning restore CA1031
        {
            return 0;
        }
    }

    /// <summary>By owner, not by label: labels can be copied, and the fence gives a token only to a pod of an instance that holds the bot's claim.</summary>
    private bool IsOurs(ClusterObject pod) => pod.ControllerUid is { } set
        && pod.Labels.TryGetValue(WireNames.InstanceLabel, out var instance)
        && caches[Instances].Get(new ObjectKey(pod.Key.Namespace, instance)) is { } owner
        && caches[ResourceTypes.StatefulSet].ListControlledBy(owner.Uid).Any(own => own.Uid == set);

    [LoggerMessage(1300, LogLevel.Warning, "Pods that may poll could not be looked for: {Error}")]
    private partial void LogFailed(string error);
}
