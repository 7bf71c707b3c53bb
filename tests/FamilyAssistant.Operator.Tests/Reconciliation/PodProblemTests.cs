using FamilyAssistant.Operator.Reconciliation;
using k8s;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

public sealed class PodProblemTests
{
    private const string Running = """{"running": {}}""";

    [Fact]
    public void A_crash_loop_is_one_also_while_the_container_tries_again() =>
        Of(Running, ready: false, started: false, restarts: 3, ended: true)!.Reason.ShouldBe(PodReasons.CrashLoop);

    [Theory]
    [InlineData(true, true, 3, true)]
    [InlineData(false, true, 3, true)]
    [InlineData(false, false, 2, true)]
    [InlineData(false, false, 3, false)]
    public void A_container_that_came_up_or_has_hardly_been_restarted_is_in_none(bool ready, bool started, int restarts, bool ended) =>
        Of(Running, ready, started, restarts, ended).ShouldBeNull();

    [Fact]
    public void A_termination_message_is_never_quoted()
    {
        var problem = Of("""{"waiting": {"reason": "CrashLoopBackOff"}}""", ready: false, started: false, restarts: 1, ended: true)!;
        problem.Message.ShouldContain("exit code 3");
        problem.Message.ShouldNotContain("canary");
    }

    [Fact]
    public void A_pod_on_its_way_out_has_no_problem()
    {
        var pod = Pod("""{"waiting": {"reason": "ErrImagePull"}}""", ready: false, started: false, restarts: 0, ended: false);
        PodProblem.Of(pod)!.Reason.ShouldBe(PodReasons.ImagePullFailed);
        pod.Metadata.DeletionTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        PodProblem.Of(pod).ShouldBeNull();
    }

    private static PodProblem? Of(string state, bool ready, bool started, int restarts, bool ended) => PodProblem.Of(Pod(state, ready, started, restarts, ended));

    private static V1Pod Pod(string state, bool ready, bool started, int restarts, bool ended) => KubernetesJson.Deserialize<V1Pod>($$"""
        {"metadata": {"name": "fa-0"}, "status": {"phase": "Running", "containerStatuses": [{"name": "app", "image": "a:1",
          "ready": {{(ready ? "true" : "false")}}, "started": {{(started ? "true" : "false")}}, "restartCount": {{restarts}}, "state": {{state}},
          "lastState": {{(ended ? """{"terminated": {"exitCode": 3, "reason": "Error", "message": "postgresql://fa:canary@db"}}""" : "{}")}} } ] } }
        """);
}
