using System.Text;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

/// <summary>Which list is followed, for every way in which two places of the Secret and the spec can speak of it.</summary>
public sealed class ServedUsersTests
{
    private static readonly TelegramSpec Listed = new() { AllowedUsers = [new TelegramUser { Id = 7 }, new TelegramUser { Id = -8, Name = "Team" }] };
    private static readonly TelegramSpec Open = new() { AllowAnyone = true };

    [Theory]
    [InlineData("alice", null)]
    [InlineData("1", "2")]
    [InlineData("", "1")]
    public void A_list_in_the_spec_wins_over_whatever_the_Secret_has(string? first, string? alias) =>
        Of(Listed, first, alias).ShouldBeOfType<ServedUsers.FromSpec>().Ids.ShouldBe([7, -8]);

    [Theory]
    [InlineData("1,2", null, "ALLOWED_USER_IDS", "1,2")]
    [InlineData("1,2", "", "ALLOWED_USER_IDS", "1,2")]
    [InlineData(null, "3", "ALLOWED_CHAT_IDS", "3")]
    [InlineData("1,2", "2, 1", "ALLOWED_USER_IDS", "1,2")]
    public void A_list_in_the_Secret_is_followed(string? first, string? alias, string key, string list)
    {
        foreach (var telegram in (TelegramSpec?[])[null, new TelegramSpec(), Open])
        {
            var served = Of(telegram, first, alias).ShouldBeOfType<ServedUsers.FromSecret>();
            served.Key.ShouldBe(key);
            served.List.Text.ShouldBe(list);
        }
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(" ", "\n")]
    [InlineData(null, "")]
    public void Without_any_list_the_spec_has_to_say_that_everybody_is_meant(string? first, string? alias)
    {
        Of(null, first, alias).ShouldBeOfType<ServedUsers.Nobody>();
        Of(new TelegramSpec { AllowedUsers = [] }, first, alias).ShouldBeOfType<ServedUsers.Nobody>();
        Of(Open, first, alias).ShouldBeOfType<ServedUsers.Anyone>();
    }

    [Theory]
    [InlineData("alice", null, "ALLOWED_USER_IDS")]
    [InlineData("alice", "1", "ALLOWED_USER_IDS")]
    [InlineData(null, "alice", "ALLOWED_CHAT_IDS")]
    [InlineData("1", "2", "ALLOWED_CHAT_IDS")]
    [InlineData("", "1", "ALLOWED_CHAT_IDS")]
    [InlineData("1", "alice", "ALLOWED_CHAT_IDS")]
    [InlineData("", "alice", "ALLOWED_CHAT_IDS")]
    public void What_the_application_would_not_follow_as_it_is_meant_is_unclear_also_when_anyone_may_come(string? first, string? alias, string key)
    {
        foreach (var telegram in (TelegramSpec?[])[null, Open])
        {
            var unclear = Of(telegram, first, alias).ShouldBeOfType<ServedUsers.Unclear>();
            unclear.Key.ShouldBe(key);
            unclear.Fault.ShouldContain("spec.telegram.allowedUsers");
        }
    }

    [Fact]
    public void No_Secret_is_no_list() => ServedUsers.Of(null, null).ShouldBeOfType<ServedUsers.Nobody>();

    private static ServedUsers Of(TelegramSpec? telegram, string? first, string? alias)
    {
        var secret = new Dictionary<string, byte[]>();
        if (first is not null)
        {
            secret[AppContract.AllowedUsers] = Encoding.UTF8.GetBytes(first);
        }

        if (alias is not null)
        {
            secret[AppContract.AllowedUsersAlias] = Encoding.UTF8.GetBytes(alias);
        }

        return ServedUsers.Of(telegram, secret);
    }
}
