using FamilyAssistant.Operator.Concerns.Secrets;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Secrets;

/// <summary>The decisions of a rotation, one by one.</summary>
public sealed class RotationPlanTests
{
    private static readonly InstanceState Ready = new(IsReady: true, "Succeeded", ClosedGate: null);
    private static readonly InstanceState NotReady = new(IsReady: false, "Starting: 0 of 1 pods ready.", ClosedGate: null);
    private static readonly InstanceState Gated = new(IsReady: false, "", ClosedGate: "Condition DatabaseReady is not True.");

    private static readonly RotationFacts Fine = new()
    {
        Operation = "op-1",
        Instance = Ready,
        WasReady = true,
        Replicas = 1,
        Generated = new GeneratedPlan.Keep(),
        Set = new RotatedSet(null, IsSettled: true, 1),
    };

    private static readonly RotationFacts Rendered = Fine with { Set = new RotatedSet("op-1", IsSettled: true, 1) };

    [Fact]
    public void It_looks_then_replaces_then_waits_for_the_pods_and_is_done()
    {
        RotationPlan.Decide(null, Fine).ShouldBeOfType<RotationPlan.Announce>();
        RotationPlan.Decide("Rotating", Fine).ShouldBeOfType<RotationPlan.Replace>();
        Working("RollingOut", Fine).Message.ShouldContain("template");
        RotationPlan.Decide("RollingOut", Rendered).ShouldBeOfType<RotationPlan.Finish>().Afterwards.ShouldBe("the instance is Ready");
    }

    [Fact]
    public void What_was_replaced_is_not_replaced_again_whatever_has_become_of_the_rest()
    {
        Working("Rotating", Fine with { IsRotated = true }).Stage.ShouldBe("RollingOut");
        Working("Rotating", Fine with { IsRotated = true, OwnSecret = "keys", OwnKeys = ["SESSION_SECRET_KEY"] }).Stage.ShouldBe("RollingOut");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Rotating")]
    public void A_key_of_the_users_own_is_refused_with_a_remedy(string? stage)
    {
        var failed = Outcome(stage, Fine with { OwnSecret = "keys", OwnKeys = ["VAPID_PRIVATE_KEY", "VAPID_PUBLIC_KEY"] }).ShouldBeOfType<ProcedureOutcome.Failed>();
        failed.Reason.ShouldBe(OperationReasons.KeyNotGenerated);
        failed.Message.ShouldContain("VAPID_PRIVATE_KEY and VAPID_PUBLIC_KEY of Secret keys");
        failed.Message.ShouldContain("remove these keys");
    }

    [Fact]
    public void Nothing_is_begun_while_the_pod_could_not_start_again_but_what_was_begun_goes_on()
    {
        Outcome(null, Fine with { Instance = Gated }).ShouldBeOfType<ProcedureOutcome.Waiting>().Message.ShouldContain("DatabaseReady");
        RotationPlan.Decide("Rotating", Fine with { Instance = Gated }).ShouldBeOfType<RotationPlan.Replace>();
        Working("RollingOut", Fine with { Instance = Gated }).Message.ShouldContain("DatabaseReady");
    }

    [Fact]
    public void Without_generated_keys_it_waits()
    {
        Outcome(null, Fine with { Generated = new GeneratedPlan.Create() }).ShouldBeOfType<ProcedureOutcome.Waiting>();
        Outcome("Rotating", Fine with { Generated = new GeneratedPlan.Refuse(new Finding(CommonReasons.NameConflict, "It is a stranger's.")) })
            .ShouldBeOfType<ProcedureOutcome.Waiting>().Message.ShouldBe("It is a stranger's.");
    }

    [Fact]
    public void It_is_done_only_with_every_pod_of_the_new_template_ready()
    {
        Working("RollingOut", Rendered with { Set = new RotatedSet("op-0", IsSettled: true, 1) });
        Working("RollingOut", Rendered with { Set = null });
        Working("RollingOut", Rendered with { Set = Rendered.Set! with { IsSettled = false } });
        Working("RollingOut", Rendered with { Set = Rendered.Set! with { ReadyReplicas = 0 } }).Message.ShouldBe("0 of 1 pods ready.");
        Working("RollingOut", Rendered with { Instance = NotReady }).Message.ShouldContain("Ready again");
        RotationPlan.Decide("RollingOut", Rendered with { Instance = NotReady, WasReady = false }).ShouldBeOfType<RotationPlan.Finish>().Afterwards.ShouldContain("not Ready, as before");
    }

    [Fact]
    public void A_stopped_instance_has_it_with_its_next_pod() =>
        RotationPlan.Decide("RollingOut", Rendered with { Replicas = 0, Set = new RotatedSet("op-1", IsSettled: false, 0) }).ShouldBeOfType<RotationPlan.Finish>().Afterwards.ShouldContain("next one");

    private static ProcedureOutcome Outcome(string? stage, RotationFacts facts) => RotationPlan.Decide(stage, facts).ShouldBeOfType<RotationPlan.Answer>().Outcome;

    private static ProcedureOutcome.Working Working(string? stage, RotationFacts facts) => Outcome(stage, facts).ShouldBeOfType<ProcedureOutcome.Working>();
}
