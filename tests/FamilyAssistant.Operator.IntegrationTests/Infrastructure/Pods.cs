using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>What an instance's pods say for themselves, asked at their own addresses.</summary>
internal static class Pods
{
    private const int AppPort = 8000;
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>The one pod of the application.</summary>
    public static async Task<V1Pod> PodAsync(this TestInstance instance) => (await instance.PodsAsync()).ShouldHaveSingleItem();

    /// <summary>The body of <c>/health</c>, with its status code.</summary>
    public static async Task<(int Code, JsonObject Body)> HealthAsync(this TestInstance instance)
    {
        using var answer = await Http.GetAsync(await AddressAsync(instance, "/health"), TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject());
    }

    /// <summary>What the stand-in application tells tests about itself.</summary>
    public static async Task<JsonObject> StateAsync(this TestInstance instance) =>
        JsonNode.Parse(await Http.GetStringAsync(await AddressAsync(instance, "/standin/state"), TestContext.Current.CancellationToken))!.AsObject();

    /// <summary>Has the stand-in application show another state; any other word than those of its README ends it.</summary>
    public static async Task ShowAsync(this TestInstance instance, string state)
    {
        using var content = new StringContent(state);
        using var answer = await Http.PostAsync(await AddressAsync(instance, "/standin/health"), content, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>UID and restarts of the running pod: the same later means that it was left alone.</summary>
    public static async Task<string> IncarnationAsync(this TestInstance instance)
    {
        var pod = await instance.PodAsync();
        return $"{pod.Metadata.Uid}, {pod.Status.ContainerStatuses.Sum(container => container.RestartCount)} restarts, deleted {pod.Metadata.DeletionTimestamp}";
    }

    /// <summary>How many pods of the application the node has run so far.</summary>
    public static int PodsSoFar(this TestInstance instance) => instance.Bed.Cluster.Node.ContainerRuns
        .Where(run => run.Namespace == instance.Namespace && run.Pod == $"{instance.Name}-0")
        .Select(run => run.PodUid).Distinct().Count();

    /// <summary>Waits until no pod of the application is left.</summary>
    public static Task WaitUntilNoPodAsync(this TestInstance instance, string component = Components.App) =>
        instance.WaitForAsync(async () => (await instance.PodsAsync(component)).Count == 0, "the end of the pods");

    private static async Task<Uri> AddressAsync(TestInstance instance, string path) =>
        new UriBuilder("http", (await instance.PodAsync()).Status.PodIP, AppPort, path).Uri;
}
