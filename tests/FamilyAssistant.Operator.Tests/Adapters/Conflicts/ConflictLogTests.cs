using FamilyAssistant.Operator.Adapters.Conflicts;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Conflicts;

public sealed class ConflictLogTests
{
    private const string Line = "telegram.error.Conflict: Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";

    private const string Traceback = $"""
        2026-11-26 08:00:00,123 - telegram.ext.Updater - ERROR - Exception happened while polling for updates.
        Traceback (most recent call last):
          File "/app/.venv/lib/python3.13/site-packages/telegram/ext/_utils/networkloop.py", line 134, in network_retry_loop
            await do_action()
        {Line}
        """;

    [Fact]
    public void The_last_line_of_the_traceback_is_the_evidence() =>
        ConflictLog.Find($"before\n{Traceback}\nafter").ShouldBe(Line);

    [Fact]
    public void The_latest_one_counts() => ConflictLog.Find($"telegram.error.Conflict: first\n{Line}\ntelegram.error.NetworkError: x").ShouldBe(Line);

    [Theory]
    [InlineData("telegram.error.Conflict")]
    [InlineData("telegram.error.Conflict: ")]
    [InlineData("telegram.error.Conflict \r")]
    [InlineData("\u001b[31mtelegram.error.Conflict\u001b[0m: Conflict: terminated")]
    [InlineData("""{"message": "Exception happened while polling for updates.", "exc_info": "Traceback (most recent call last):\\n ...\\ntelegram.error.Conflict: Conflict: terminated by other getUpdates request"}""")]
    public void Every_form_of_the_library_s_error_counts(string line) => ConflictLog.Find(line).ShouldNotBeNull();

    /// <summary>What people write to the bot is logged, too.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("Conflict")]
    [InlineData("409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")]
    [InlineData("2026-11-26 08:00:00 - INFO - message from Alice: telegram.error.Conflict: Conflict: terminated by other getUpdates request")]
    [InlineData("  telegram.error.Conflict: indented, as a line of code is")]
    [InlineData("xtelegram.error.Conflict: of another module")]
    [InlineData("telegram.error.Conflicting: another error")]
    [InlineData("telegram.error.Conflict is an error that I have read of")]
    [InlineData("telegram.error.NetworkError: httpx.ConnectError")]
    [InlineData("Exception happened while polling for updates.")]
    [InlineData("sqlalchemy.exc.IntegrityError: Conflict")]
    [InlineData("\0\u0001\uFFFD\u202E")]
    public void Another_line_does_not(string line) => ConflictLog.Find(line).ShouldBeNull();

    [Fact]
    public void A_line_that_is_too_long_counts_and_is_not_quoted_in_part()
    {
        ConflictLog.Find(Line + new string('x', 100_000)).ShouldBe("");
        ConflictLog.Find(Line.PadRight(4096)).ShouldNotBeNull().Length.ShouldBe(4096);
    }

    [Fact]
    public void A_log_of_a_quarter_of_a_megabyte_without_a_line_break_is_read()
    {
        ConflictLog.Find(new string('\u001b', 256 * 1024)).ShouldBeNull();
        ConflictLog.Find(string.Concat(Enumerable.Repeat("telegram.error.Conflict", 11_000))).ShouldBeNull();
    }
}
