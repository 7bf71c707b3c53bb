using System.Globalization;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s;
using k8s.Autorest;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>One name that an instance has from time to time, and the Secret beside it. Everything here may meet an object that is gone or still there.</summary>
internal sealed class SoakInstance(TestBed bed, string ns, string name, bool stopsSlowly, ExternalDatabase database)
{
    private const string TokenKey = AppContract.BotToken;
    /// <summary>Polls on after it was told to end, for as long as the variable says.</summary>
    private const string SlowImage = "ghcr.io/werdnum/family-assistant:slow-stop";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly TestInstance _instance = new(bed, ns, name);

    public TestInstance Instance => _instance;

    private string KeysSecret => $"{name}-keys";

    private string DatabaseSecret => $"{name}-db";

    private JsonObject Manifest => InstanceBuilder.External(database).Named(name)
        .With("image", stopsSlowly ? SlowImage : InstanceBuilder.Image)
        .With("env", stopsSlowly ? new JsonArray(new JsonObject { ["name"] = "STANDIN_STOP_SECONDS", ["value"] = "2" }) : null)
        .With("secretRef.name", KeysSecret)
        .With("database.external.credentialsSecretRef.name", DatabaseSecret)
        .With("telegram.allowedUsers", new JsonArray(new JsonObject { ["id"] = 4711, ["name"] = "Alice" }))
        .Manifest;

    /// <summary>What stays over all lives of the instance.</summary>
    public Task PrepareAsync() => _instance.CreateSecretAsync(DatabaseSecret, ("username", database.Name), ("password", database.Password));

    public async Task EnterAsync(string key, string? value)
    {
        var secret = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = KeysSecret },
            ["stringData"] = new JsonObject { ["OPENROUTER_API_KEY"] = "sk-or-of-a-soak", [key] = value },
        };
        if (await TolerantAsync(() => _instance.SetSecretAsync(KeysSecret, (key, value))) == Meeting.Nothing && value is not null)
        {
            await TolerantAsync(() => bed.Objects.CreateAsync(ResourceTypes.Secret, ns, secret));
        }
    }

    public Task EnterTokenAsync(long bot, int edition) => EnterAsync(TokenKey, string.Create(CultureInfo.InvariantCulture, $"{bot}:AASoak{edition:D10}{new string('x', 19)}"));

    public Task RemoveTokenAsync() => EnterAsync(TokenKey, null);

    public Task DeleteSecretAsync() => bed.Objects.DeleteAsync(ResourceTypes.Secret, ns, KeysSecret);

    /// <summary>False: the earlier one is still there.</summary>
    public async Task<bool> CreateAsync() => await TolerantAsync(() => bed.Objects.CreateAsync(TestInstance.Type, ns, Manifest)) == Meeting.Usual;

    public Task DeleteAsync(bool foreground) => _instance.DeleteAsync(foreground ? "Foreground" : "Background");

    public Task ScaleAsync(int replicas) => TolerantAsync(() => _instance.SetAsync("replicas", replicas));

    public Task PauseAsync(bool isPaused) => TolerantAsync(() => _instance.AnnotateAsync(WireNames.PausedAnnotation, isPaused ? "true" : null));

    public Task OperateAsync(OperationAction action) => bed.Objects.CreateAsync(Kinds.Operation, ns, new JsonObject
    {
        ["metadata"] = new JsonObject { ["generateName"] = "soak-" },
        ["spec"] = new JsonObject { ["instanceRef"] = new JsonObject { ["name"] = name }, ["action"] = action.ToString() },
    });

    public Task DeleteFenceAsync() => bed.Objects.DeleteAsync(ResourceTypes.Secret, ns, name + Sighting.FenceSuffix);

    public async Task DrainPodAsync(int graceSeconds)
    {
        try
        {
            await bed.Client.CoreV1.DeleteNamespacedPodAsync($"{name}-0", ns, gracePeriodSeconds: graceSeconds);
        }
        catch (HttpOperationException gone) when (gone.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            // There is none now.
        }
    }

    public void KillContainer() => bed.Cluster.Node.KillContainer(ns, $"{name}-0", AppContract.Container);

    /// <summary>Waits, and gives up silently.</summary>
    public async Task WaitForAsync(SoakPause pause, TimeSpan limit)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < limit && !await HoldsAsync(pause))
        {
            await Task.Delay(PollInterval, TimeProvider.System, Xunit.TestContext.Current.CancellationToken);
        }
    }

    private async Task<bool> HoldsAsync(SoakPause pause) => pause switch
    {
        SoakPause.Observed => await _instance.FindAsync() is not { } seen || seen.Status?.ObservedGeneration == seen.Metadata.Generation,
        SoakPause.PodEnding => (await _instance.PodsAsync()).Any(pod => pod.Metadata.DeletionTimestamp is not null),
        SoakPause.NoPod => (await _instance.PodsAsync()).Count == 0,
        SoakPause.Running => bed.Cluster.Node.ContainerRuns.Any(run => run.Namespace == ns && run.Pod == $"{name}-0" && run.End is null),
        _ => true,
    };

    private enum Meeting
    {
        Usual,
        Nothing,
        AlreadyThere,
    }

    private static async Task<Meeting> TolerantAsync(Func<Task> action)
    {
        try
        {
            await action();
            return Meeting.Usual;
        }
        catch (RefusedException refusal) when (refusal.Code == 404)
        {
            return Meeting.Nothing;
        }
        catch (RefusedException refusal) when (refusal.Code == 409)
        {
            return Meeting.AlreadyThere;
        }
    }
}
