using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>An older application makes restarts of a conflict; what is told of it stays the same.</summary>
public sealed class ConflictRestartTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const long Bot = 4911;

    [Fact]
    public async Task With_an_older_application_it_does_not_come_and_go_with_the_restarts_and_a_changed_spec_is_rolled_out_meanwhile()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var builder = InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(Bot).With("image", "ghcr.io/werdnum/family-assistant:old-telegram");
        var instance = await Bed.CreateAsync(ns, builder);
        await instance.WaitUntilReadyAsync();
        await using (Bed.Cluster.Telegram.StartForeignPoller(InstanceBuilder.TokenOf(Bot)))
        {
            await instance.WaitForAsync(ConditionTypes.TelegramExclusive, "False");
            await StaysInConflictAsync(instance, async () => (await instance.PodsAsync()).Any(pod => Restarts(pod) > 0), "a restart by the liveness probe");

            await instance.SetAsync("serverUrl", "https://assistant.example.com");
            await StaysInConflictAsync(
                instance,
                async () => (await instance.PodsAsync()).Any(HasNewAddress) && await SaysConflictAsync(instance),
                "the pod of the changed spec, which is well at first, to stop polling as well");
        }

        await instance.WaitUntilReadyAsync();
        await instance.ShouldHaveToldOnceAsync();
    }

    /// <summary>Waits for something, and every status on the way tells of the conflict.</summary>
    private static Task StaysInConflictAsync(TestInstance instance, Func<Task<bool>> holds, string what) => instance.WaitForAsync(
        async () =>
        {
            var now = await instance.ReadAsync();
            TestInstance.Of(now, ConditionTypes.TelegramExclusive)!.Status.ShouldBe("False", $"on the way to {what}");
            TestInstance.Of(now, ConditionTypes.AppHealthy)!.ShouldSatisfyAllConditions(
                condition => condition.Status.ShouldBe("False"),
                condition => condition.Reason.ShouldBe("TelegramConflict"));
            return await holds();
        },
        what);

    private static bool HasNewAddress(V1Pod pod) => pod.Spec.Containers[0].Env.Any(variable => variable is { Name: "SERVER_URL", Value: "https://assistant.example.com" });

    private static async Task<bool> SaysConflictAsync(TestInstance instance)
    {
        if (await instance.PodsAsync() is not [{ Status.PodIP.Length: > 0 }])
        {
            return false;
        }

        try
        {
            return (await instance.HealthAsync()).Code == 503;
        }
        catch (HttpRequestException)
        {
            // Between two containers.
            return false;
        }
    }

    private static int Restarts(V1Pod pod) => pod.Status.ContainerStatuses?.Sum(container => container.RestartCount) ?? 0;
}
