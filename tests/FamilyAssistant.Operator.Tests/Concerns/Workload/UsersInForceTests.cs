using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Reconciliation;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

/// <summary>What runs decides, not what was meant; and the time moves only with the list.</summary>
public sealed class UsersInForceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly ServedUsers Both = new ServedUsers.FromSpec([1, 2]);
    private static readonly ServedUsers One = new ServedUsers.FromSpec([1]);
    private static readonly ServedUsers Secret = new ServedUsers.FromSecret("ALLOWED_USER_IDS", new UserList.WellFormed([7]));
    private static readonly ServedUsers Anyone = new ServedUsers.Anyone();

    private static readonly AllowedUsersStatus SeenBoth = new() { Source = AllowedUsersSource.Spec, Ids = [1, 2], Since = "2026-11-01T00:00:00Z" };

    [Fact]
    public void A_first_list_is_in_force_from_the_first_look_on()
    {
        var seen = UsersInForce.Of(Both, [], previous: null, Now);
        seen.Status!.Ids.ShouldBe([1, 2]);
        seen.Status.ShouldBe(new AllowedUsersStatus { Source = AllowedUsersSource.Spec, Ids = seen.Status.Ids, Since = "2026-11-23T12:00:00Z" });
        seen.Note.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1,2")]
    [InlineData("2,1")]
    [InlineData(null)]
    public void Restarts_do_not_move_the_time(string? list) =>
        UsersInForce.Of(Both, list is null ? [] : [Pod(list)], SeenBoth, Now).ShouldBe(new UsersInForce(SeenBoth, ""));

    [Fact]
    public void Until_the_pod_of_before_is_gone_its_list_is_in_force_and_it_is_said_whom_it_serves()
    {
        var during = UsersInForce.Of(One, [Pod("1,2")], SeenBoth, Now);
        during.Status.ShouldBe(SeenBoth);
        during.Note.ShouldBe(" Until pod fa-0 is gone, its bot still serves user 2, no longer on the list.");

        var terminating = Pod("1,2");
        terminating.Metadata.DeletionTimestamp = Now.UtcDateTime;
        UsersInForce.Of(One, [terminating], SeenBoth, Now).Status.ShouldBe(SeenBoth);

        var after = UsersInForce.Of(One, [], during.Status, Now.AddSeconds(5));
        after.Status!.Ids.ShouldBe([1]);
        after.Status.Since.ShouldBe("2026-11-23T12:00:05Z");
        after.Note.ShouldBeEmpty();
        UsersInForce.Of(One, [Pod("1")], after.Status, Now.AddMinutes(1)).Status.ShouldBe(after.Status);
    }

    [Fact]
    public void A_pod_that_has_ended_serves_nobody()
    {
        var ended = Pod("1,2");
        ended.Status = new V1PodStatus { Phase = "Failed" };
        UsersInForce.Of(One, [ended], SeenBoth, Now).Status!.Ids.ShouldBe([1]);
    }

    [Fact]
    public void What_is_lost_from_status_is_found_again_in_the_pods()
    {
        var seen = UsersInForce.Of(One, [Pod("1,2")], previous: null, Now);
        seen.Status!.Ids.ShouldBe([1, 2]);
        seen.Status.Since.ShouldBe("2026-11-23T12:00:00Z");
    }

    [Fact]
    public void Every_way_of_following_another_list_has_its_words()
    {
        Note(Both, Pod("1")).ShouldBe(" Until pod fa-0 is gone, its bot does not know the users that were added.");
        Note(new ServedUsers.FromSpec([9]), Pod("1,2")).ShouldBe(" Until pod fa-0 is gone, its bot still serves users 1, 2, no longer on the list.");
        Note(One, Pod(list: null)).ShouldBe(" Until pod fa-0 is gone, its bot serves every Telegram user.");
        Note(Anyone, Pod("1")).ShouldBe(" Until pod fa-0 is gone, its bot follows the list of users of before.");
        Note(One, FromSecret()).ShouldBe(" Until pod fa-0 is gone, its bot follows the list of users of before.");
        Note(null, Pod("1")).ShouldBe(" Until pod fa-0 is gone, its bot runs.");
    }

    [Fact]
    public void Ids_of_a_Secret_are_never_shown()
    {
        var seen = UsersInForce.Of(Secret, [FromSecret()], previous: null, Now);
        seen.ShouldBe(new UsersInForce(new AllowedUsersStatus { Source = AllowedUsersSource.Secret }, ""));
        UsersInForce.Of(Secret, [Pod("1")], SeenBoth, Now).Note.ShouldNotContain("7");
    }

    [Fact]
    public void Without_a_bot_there_is_no_list()
    {
        UsersInForce.Of(null, [], SeenBoth, Now).Status.ShouldBeNull();
        UsersInForce.Of(null, [new V1Pod { Metadata = new V1ObjectMeta { Name = "fa-0" }, Spec = Spec(new V1EnvVar { Name = "A", Value = "b" }) }], SeenBoth, Now).Status.ShouldBeNull();
    }

    [Fact]
    public void A_pod_with_a_whole_Secret_as_its_environment_is_taken_for_one_of_the_list_in_it()
    {
        var pod = FromSecret();
        pod.Spec.Containers[0].Env = null;
        pod.Spec.Containers[0].EnvFrom = [new V1EnvFromSource { SecretRef = new V1SecretEnvSource { Name = "keys" } }];
        UsersInForce.Of(Secret, [pod], null, Now).Note.ShouldBeEmpty();
        UsersInForce.Of(Anyone, [pod], null, Now).Note.ShouldBeEmpty();
        UsersInForce.Of(One, [pod], null, Now).Status!.Source.ShouldBe(AllowedUsersSource.Secret);
        UsersInForce.Of(null, [pod], null, Now).Status.ShouldBeNull();
    }

    private static string Note(ServedUsers? meant, V1Pod pod) => UsersInForce.Of(meant, [pod], null, Now).Note;

    private static V1Pod Pod(string? list) => new()
    {
        Metadata = new V1ObjectMeta { Name = "fa-0" },
        Spec = list is null ? Spec(Token()) : Spec(Token(), new V1EnvVar { Name = "ALLOWED_USER_IDS", Value = list }),
    };

    private static V1Pod FromSecret() => new()
    {
        Metadata = new V1ObjectMeta { Name = "fa-0" },
        Spec = Spec(Token(), Reference("ALLOWED_USER_IDS")),
    };

    private static V1EnvVar Token() => Reference("TELEGRAM_BOT_TOKEN");

    private static V1EnvVar Reference(string name) => new() { Name = name, ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = "fa-telegram", Key = name } } };

    private static V1PodSpec Spec(params V1EnvVar[] environment) => new() { Containers = [new V1Container { Name = "family-assistant", Env = environment }] };
}
