using System.Text;
using CsCheck;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

/// <summary>What this reader accepts must mean the same to the application, and what it does not accept is never quoted.</summary>
public sealed class UserListTests
{
    private static readonly Gen<long[]> AnyIds = Gen.Long[-UserList.MostId, UserList.MostId].Array[1, 20];
    private static readonly Gen<string> AnyBlank = Gen.Int[0, 4].Select(index => ((string[])["", " ", "\t", "  ", "\n"])[index]);

    [Theory]
    [InlineData("1", "1")]
    [InlineData("1,2,3", "1,2,3")]
    [InlineData(" 1 ,\t-100123456789 ", "1,-100123456789")]
    [InlineData("123\n", "123")]
    [InlineData("+5,007", "5,7")]
    [InlineData("1,1,2,1", "1,2")]
    [InlineData("9007199254740991", "9007199254740991")]
    public void A_list_is_written_again_in_one_form(string text, string form) =>
        Parse(text).ShouldBeOfType<UserList.WellFormed>().Text.ShouldBe(form);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\n")]
    public void Blanks_are_an_empty_list(string text) => Parse(text).ShouldBeOfType<UserList.Empty>();

    [Theory]
    [InlineData("alice", "not a number")]
    [InlineData("1,alice", "at element 2 of 2")]
    [InlineData("1.0", "not a number")]
    [InlineData("1e3", "not a number")]
    [InlineData("0x1F", "not a number")]
    [InlineData("1_000", "not a number")]
    [InlineData("１２３", "not a number")]
    [InlineData("١٢٣", "not a number")]
    [InlineData("1 2", "not a number")]
    [InlineData("1;2", "not a number")]
    [InlineData("[1,2]", "not a number")]
    [InlineData("-", "not a number")]
    [InlineData("--1", "not a number")]
    [InlineData("1,", "a comma at an end")]
    [InlineData(",1", "a comma at an end")]
    [InlineData("1,,2", "nothing between two commas")]
    [InlineData(",", "nothing between two commas")]
    [InlineData("9007199254740992", "no Telegram user")]
    [InlineData("99999999999999999999999", "no Telegram user")]
    [InlineData("1\u00002", "not a number")]
    public void Anything_else_is_refused(string text, string says) => Parse(text).ShouldBeOfType<UserList.Malformed>().Fault.ShouldContain(says);

    [Fact]
    public void What_is_not_text_is_refused() => UserList.Parse([0xff, 0xfe]).ShouldBeOfType<UserList.Malformed>().Fault.ShouldBe("is not text");

    [Fact]
    public void Blanks_around_numbers_change_nothing() => Gen.Select(AnyIds, AnyBlank, AnyBlank).Sample((ids, before, after) =>
    {
        var text = string.Join(',', ids.Select(id => $"{before}{id}{after}"));
        Parse(text).ShouldBeOfType<UserList.WellFormed>().Ids.ShouldBe(ids.Distinct());
    });

    [Fact]
    public void The_one_form_is_read_as_the_same_list() => AnyIds.Sample(ids =>
    {
        var list = new UserList.WellFormed([.. ids.Distinct()]);
        Parse(list.Text).ShouldBeOfType<UserList.WellFormed>().Ids.ShouldBe(list.Ids);
    });

    [Fact]
    public void Whatever_it_is_fed_it_answers_and_quotes_nothing() => Gen.String.Sample(text =>
    {
        if (Parse($"{text}canary") is UserList.Malformed(var fault))
        {
            fault.ShouldNotContain("canary");
        }
    });

    [Fact]
    public void Lists_of_the_same_users_are_the_same_in_any_order()
    {
        var list = new UserList.WellFormed([1, 2]);
        list.HasSameUsersAs(new([2, 1])).ShouldBeTrue();
        list.HasSameUsersAs(new([1])).ShouldBeFalse();
        list.HasSameUsersAs(new([1, 3])).ShouldBeFalse();
    }

    private static UserList Parse(string text) => UserList.Parse(Encoding.UTF8.GetBytes(text));
}
