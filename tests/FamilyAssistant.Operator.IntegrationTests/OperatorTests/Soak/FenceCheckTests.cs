using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>The witness sees what must not be, and nothing else.</summary>
public sealed class FenceCheckTests
{
    private const long Bot = 4711;

    [Fact]
    public void A_hand_over_that_waits_for_the_pod_is_in_order() => Faults(
        Claim(1, "a/home/A"), Fence(2, "a", "A"), Pod(3, "a"), new Sighting.Complete(0, 4),
        Fence(5, "a", "A", gone: true), Pod(6, "a", gone: true), Claim(7, "b/home/B"), Fence(8, "b", "B"), Pod(9, "b")).ShouldBeEmpty();

    [Fact]
    public void A_pod_that_starts_while_the_earlier_one_is_ending_is_seen() => Faults(
        Claim(1, "a/home/A"), Fence(2, "a", "A"), Pod(3, "a"), new Sighting.Complete(0, 4),
        Fence(5, "a", "A", gone: true), Claim(6, "b/home/B"), Fence(7, "b", "B"), Pod(8, "b"), Pod(9, "a", gone: true))
        .ShouldHaveSingleItem().ShouldContain("a/home-0 and b/home-0");

    [Fact]
    public void A_token_without_its_claim_is_seen()
    {
        Faults(Fence(2, "a", "A"), new Sighting.Complete(0, 4)).ShouldHaveSingleItem().ShouldContain("nobody");
        Faults(Claim(1, "b/home/B"), Fence(2, "a", "A"), new Sighting.Complete(0, 4)).ShouldHaveSingleItem().ShouldContain("b/home/B");
    }

    [Fact]
    public void The_order_is_that_of_the_revisions_and_not_that_of_the_news() => Faults(
        Fence(2, "a", "A"), new Sighting.Complete(0, 0), Claim(1, "a/home/A")).ShouldBeEmpty();

    [Fact]
    public void What_was_seen_before_everything_was_seen_is_no_fault() => Faults(
        Fence(2, "a", "A"), Claim(3, "a/home/A"), new Sighting.Complete(0, 3)).ShouldBeEmpty();

    [Fact]
    public void Two_pods_of_one_name_are_told_apart() => Faults(
        Claim(1, "a/home/A"), Fence(2, "a", "A"), Pod(3, "a"), new Sighting.Complete(0, 4), Fence(5, "a", "A", gone: true), Pod(6, "a", gone: true), Pod(7, "a", uid: "second"),
        Claim(8, "b/home/B"), Fence(9, "b", "B"), Pod(10, "b")).ShouldBeEmpty();

    private static IReadOnlyList<string> Faults(params Sighting[] sightings) => FenceCheck.FaultsOf(sightings);

    private static Sighting.Claim Claim(long version, string holder) => new Sighting.Claim(0, version, "system/telegram-bot-4711", IsGone: false, Bot, holder);

    private static Sighting.Fence Fence(long version, string ns, string owner, bool gone = false) => new Sighting.Fence(0, version, $"{ns}/home-telegram", gone, Bot, owner);

    private static Sighting.Pod Pod(long version, string ns, bool gone = false, string uid = "first") =>
        new Sighting.Pod(0, version, $"{ns}/home-0", gone, ns + uid, $"{ns}/home-telegram", HasEnded: false);
}
