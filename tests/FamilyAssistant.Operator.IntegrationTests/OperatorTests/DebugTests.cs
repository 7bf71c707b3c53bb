using System.Globalization;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Debug output goes off by itself, once, with an operator that runs and with one that was away.</summary>
[Collection(OwnClusterCollection.Name)]
public sealed class DebugTests(OwnCluster own)
{
    private TestBed Bed => own.Bed;

    [Fact]
    public async Task It_goes_off_at_its_time_with_exactly_one_change_of_the_template()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        await using var running = await own.StartOperatorAsync("debug-running");
        Bed.Operator = running;
        var instance = await CreateAsync(ns);

        await instance.SetAsync("debug", Debug(Later()));
        var on = await HasSwitchesAsync(instance, true);
        TestInstance.Of(await instance.WaitUntilReadyAsync(), ConditionTypes.WorkloadAvailable)!.Message.ShouldContain("Debug output is on until");
        // Once the operator has seen this, only the clock makes it act.
        await instance.SetAsync("debug", Debug(Soon()));
        var off = await HasSwitchesAsync(instance, false);

        await instance.WaitForEventAsync("DebugEnded");
        await NothingMoreAsync(instance, off);
        (off - on).ShouldBe(1);
    }

    [Fact]
    public async Task An_operator_that_was_away_at_its_time_switches_it_off_when_it_comes_back_and_its_successor_leaves_it_so()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        TestInstance instance;
        long on;
        await using (var first = await own.StartOperatorAsync("debug-first"))
        {
            Bed.Operator = first;
            instance = await CreateAsync(ns);
            await instance.SetAsync("debug", Debug(Later()));
            on = await HasSwitchesAsync(instance, true);
            await instance.WaitUntilReadyAsync();
            first.Kill();
        }

        var end = Soon();
        await instance.SetAsync("debug", Debug(end));
        await Wait.ForAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow() > end), "the end of the debug output, with no operator there");
        (await TemplateAsync(instance)).ShouldContain("DEBUG_LLM_MESSAGES");

        await using (var second = await own.StartOperatorAsync("debug-second"))
        {
            Bed.Operator = second;
            (await HasSwitchesAsync(instance, false) - on).ShouldBe(1);
            await instance.WaitForEventAsync("DebugEnded");
            second.Kill();
        }

        await using var third = await own.StartOperatorAsync("debug-third");
        Bed.Operator = third;
        await NothingMoreAsync(instance, on + 1);
    }

    private async Task<TestInstance> CreateAsync(TestNamespace ns)
    {
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("replicas", 0));
        await instance.WaitUntilReadyAsync();
        return instance;
    }

    private static DateTimeOffset Later() => TimeProvider.System.GetUtcNow().AddHours(1);

    private static DateTimeOffset Soon() => TimeProvider.System.GetUtcNow().AddSeconds(5);

    private static JsonObject Debug(DateTimeOffset end) => new()
    {
        ["llmMessages"] = true,
        ["expiresAt"] = end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    /// <summary>Waits until the template is so; the generation that the StatefulSet has then counts the changes of its spec.</summary>
    private async Task<long> HasSwitchesAsync(TestInstance instance, bool on)
    {
        await instance.WaitForAsync(async () => (await TemplateAsync(instance)).Contains("DEBUG_LLM_MESSAGES", StringComparison.Ordinal) == on, on ? "the switches in the template" : "a template without the switches");
        return await GenerationAsync(instance);
    }

    /// <summary>A change that the operator answers comes after whatever it would still do.</summary>
    private async Task NothingMoreAsync(TestInstance instance, long generation)
    {
        await instance.AnnotateAsync("family-assistant.io/paused", "true");
        await instance.WaitForAsync(seen => seen.Status!.Phase == "Paused", "the phase Paused");
        await instance.AnnotateAsync("family-assistant.io/paused", null);
        await instance.WaitForAsync(seen => seen.Status!.Phase == "Stopped", "the phase Stopped");
        (await GenerationAsync(instance)).ShouldBe(generation);
        (await TemplateAsync(instance)).ShouldNotContain("DEBUG_LLM_MESSAGES");
    }

    private async Task<JsonObject> SetAsync(TestInstance instance) => await Bed.Objects.GetAsync(ResourceTypes.StatefulSet, instance.Namespace, instance.Name);

    private async Task<long> GenerationAsync(TestInstance instance) => (await SetAsync(instance))["metadata"]!["generation"]!.GetValue<long>();

    private async Task<string> TemplateAsync(TestInstance instance) => (await SetAsync(instance))["spec"]!["template"]!.ToJsonString();
}
