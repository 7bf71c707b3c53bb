using System.Text.RegularExpressions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>kubectl logs, through the API server.</summary>
public sealed partial class PodLogTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Logs_are_cut_as_asked()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "writer", """
            restartPolicy: Never
            containers: [{name: main, image: "tools:1", args: [-c, "printf 'one\\r\\n'; echo two >&2; echo; printf three"]}]
            """);
        await pod.UntilPhaseAsync("Succeeded");

        (await pod.LogsAsync()).Split('\n').ShouldBe(["one\r", "two", "", "three", ""], ignoreOrder: true);
        (await pod.LogsAsync("--tail=1")).Trim().ShouldBeOneOf("two", "three");
        (await pod.LogsAsync("--limit-bytes=2")).Length.ShouldBe(2);
        (await pod.LogsAsync("--since=1h")).ShouldContain("three");
        Timestamped().Count(await pod.LogsAsync("--timestamps")).ShouldBe(4);
        (await pod.LogsAsync("--previous")).ShouldContain("previous terminated container \"main\" in pod \"writer\" not found");
    }

    [Fact]
    public async Task A_container_that_has_not_run_has_no_log_but_a_reason()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "waits", """
            containers: [{name: main, image: "tools:1", envFrom: [{secretRef: {name: absent}}]}]
            """);
        await pod.UntilWaitingAsync("CreateContainerConfigError");

        (await pod.LogsAsync()).ShouldContain("container \"main\" in pod \"waits\" is waiting to start: CreateContainerConfigError");
    }

    [Fact]
    public async Task A_followed_log_goes_on_until_the_container_ends()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "slow", """
            restartPolicy: Never
            containers: [{name: main, image: "tools:1", args: [-c, "for number in 1 2 3; do echo $number; sleep 1; done"]}]
            """);
        await pod.UntilAsync(current => NodePod.Container(current)?.State.Running is not null, "start");

        (await pod.LogsAsync("--follow")).ShouldBe("1\n2\n3\n");
    }

    [Fact]
    public async Task A_line_longer_than_the_logs_own_limit_comes_out_in_one_piece()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "long", """
            restartPolicy: Never
            containers: [{name: main, image: "tools:1", args: [-c, "head -c 50000 /dev/zero | tr '\\0' x; echo; echo end"]}]
            """);
        await pod.UntilPhaseAsync("Succeeded");

        (await pod.LogsAsync()).ShouldBe(new string('x', 50_000) + "\nend\n");
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z ", RegexOptions.Multiline)]
    private static partial Regex Timestamped();
}
