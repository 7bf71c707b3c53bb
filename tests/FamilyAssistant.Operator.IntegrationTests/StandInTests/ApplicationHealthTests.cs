using System.Net;
using System.Security.Cryptography;
using System.Text;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.StandInTests;

[Collection(StandInCollection.Name)]
public sealed class ApplicationHealthTests(StandIns standIns)
{
    private const string Newest = "20260301_120000";
    private static long _bots = 700_000_000;

    [Fact]
    public async Task It_polls_answers_who_may_talk_and_ignores_the_others()
    {
        var (bot, environment) = NewBot();
        environment["ALLOWED_USER_IDS"] = "11, 22";
        environment["ALLOWED_CHAT_IDS"] = "33";
        environment["CHAT_ID_TO_NAME_MAP"] = "11:Alice";
        environment["DEVELOPER_CHAT_ID"] = "99";
        var database = await standIns.CreateDatabaseAsync();
        await using var application = standIns.RunApplication(Newest, database, environment);
        (await application.WaitForHealthAsync("ok")).ShouldBe((HttpStatusCode.OK, "Telegram polling active"));

        standIns.Telegram.SendMessage(bot, 33, "let me in");
        standIns.Telegram.SendMessage(bot, 11, "hi");
        standIns.Telegram.SendMessage(bot, 22, "/fail");
        await Wait.ForAsync(() => Task.FromResult(standIns.Telegram.Replies(bot).Count == 2), "two replies");
        standIns.Telegram.Replies(bot).Select(reply => (reply.ChatId, reply.Text)).ShouldBe([(11, "Alice, you said: hi"), (99, "Error: RuntimeError")]);
        application.Output.ShouldContain("Received message chat_id=33");
        (await database.ScalarAsync<long>("SELECT count(*) FROM message_history")).ShouldBe(2);
        var client = standIns.Telegram.Pollers(bot).ShouldHaveSingleItem().Client;
        client.Pod.ShouldBe(application.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("11,Bob")]
    public async Task A_list_that_is_empty_or_does_not_parse_lets_everybody_in(string list)
    {
        var (bot, environment) = NewBot();
        environment["ALLOWED_USER_IDS"] = list;
        // The alias is not looked at: the first is set.
        environment["ALLOWED_CHAT_IDS"] = "11";
        await using var application = standIns.RunApplication(Newest, await standIns.CreateDatabaseAsync(), environment);
        standIns.Telegram.SendMessage(bot, 666, "anybody home?");
        await Wait.ForAsync(() => Task.FromResult(standIns.Telegram.Replies(bot).Count == 1), "a reply");
    }

    [Fact]
    public async Task A_token_that_Telegram_refuses_is_an_initialization_error()
    {
        var (bot, environment) = NewBot();
        standIns.Telegram.Revoke(bot);
        await using var application = standIns.RunApplication(Newest, await standIns.CreateDatabaseAsync(), environment);
        (await application.WaitForHealthAsync("unhealthy")).ShouldBe((HttpStatusCode.ServiceUnavailable, "Telegram service initialization error"));
    }

    [Fact]
    public async Task With_a_conflict_a_new_version_stays_ok_and_says_so_in_its_log_alone()
    {
        var (bot, environment) = NewBot();
        await using var application = standIns.RunApplication(Newest, await standIns.CreateDatabaseAsync(), environment);
        await application.WaitForHealthAsync("ok");
        await using var elsewhere = standIns.Telegram.StartForeignPoller(environment["TELEGRAM_BOT_TOKEN"]);

        await application.WaitForOutputAsync("Exception happened while polling for updates");
        await application.WaitForOutputAsync("telegram.error.Conflict: Conflict: terminated by other getUpdates request");
        await Wait.ForAsync(() => Task.FromResult(elsewhere.Conflicts > 0), "that it polls again");
        (await application.HealthAsync())!.Status.ShouldBe("ok");
        standIns.Telegram.Overlaps.ShouldContain(overlap => overlap.BotId == bot && overlap.Earlier.Pod == application.Name);
    }

    [Theory]
    [InlineData("old-telegram")]
    [InlineData("20251105_090000")]
    public async Task With_a_conflict_an_old_version_stops_and_says_so(string tag)
    {
        var (_, environment) = NewBot();
        await using var application = standIns.RunApplication(tag, await standIns.CreateDatabaseAsync(), environment);
        await application.WaitForHealthAsync("ok");
        await using var elsewhere = standIns.Telegram.StartForeignPoller(environment["TELEGRAM_BOT_TOKEN"]);
        var (code, reason) = await application.WaitForHealthAsync("unhealthy");
        code.ShouldBe(HttpStatusCode.ServiceUnavailable);
        reason.ShouldStartWith("Telegram polling stopped due to Conflict error: ");
    }

    [Fact]
    public async Task A_stop_ends_the_poll_so_that_the_next_process_does_not_overlap()
    {
        var (bot, environment) = NewBot();
        var database = await standIns.CreateDatabaseAsync();
        for (var run = 0; run < 2; run++)
        {
            await using var application = standIns.RunApplication(Newest, database, environment);
            await application.WaitForHealthAsync("ok");
            await Wait.ForAsync(() => Task.FromResult(standIns.Telegram.ActivePoller(bot)?.Pod == application.Name), "its poll");
            application.Terminate();
            (await application.WaitForExitAsync()).ShouldBe(0);
        }

        standIns.Telegram.Pollers(bot).Count.ShouldBe(2);
        standIns.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == bot);
    }

    [Fact]
    public async Task A_killed_process_does_not_overlap_with_the_next_one()
    {
        var (bot, environment) = NewBot();
        var database = await standIns.CreateDatabaseAsync();
        for (var run = 0; run < 2; run++)
        {
            await using var application = standIns.RunApplication(Newest, database, environment);
            await Wait.ForAsync(() => Task.FromResult(standIns.Telegram.ActivePoller(bot)?.Pod == application.Name), "its poll");
            application.Kill();
            await application.WaitForExitAsync();
        }

        standIns.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == bot);
    }

    [Fact]
    public async Task The_image_that_stops_slowly_still_polls_while_it_stops()
    {
        var (bot, environment) = NewBot();
        environment["STANDIN_STOP_SECONDS"] = "2";
        await using var application = standIns.RunApplication("slow-stop", await standIns.CreateDatabaseAsync(), environment);
        await Wait.ForAsync(() => Task.FromResult(standIns.Telegram.ActivePoller(bot) is not null), "its poll");
        application.Terminate();
        await application.WaitForOutputAsync("Stopping");
        standIns.Telegram.ActivePoller(bot).ShouldNotBeNull();
        (await application.WaitForExitAsync()).ShouldBe(0);
        await Wait.ForAsync(() => Task.FromResult(standIns.Telegram.ActivePoller(bot) is null), "the end of its poll");
    }

    [Fact]
    public async Task The_image_that_never_gets_ready_says_so_with_200()
    {
        var (bot, environment) = NewBot();
        await using var application = standIns.RunApplication("always-initializing", await standIns.CreateDatabaseAsync(), environment);
        (await application.WaitForHealthAsync("initializing")).ShouldBe((HttpStatusCode.OK, "Telegram service initializing"));
        standIns.Telegram.Pollers(bot).ShouldBeEmpty();
    }

    [Fact]
    public async Task Telegram_out_of_reach_is_initializing_and_recovers()
    {
        var (_, environment) = NewBot();
        standIns.Telegram.Unavailable = true;
        try
        {
            await using var application = standIns.RunApplication(Newest, await standIns.CreateDatabaseAsync(), environment);
            await application.WaitForHealthAsync("initializing");
            await application.WaitForOutputAsync("Telegram cannot be reached yet");
            standIns.Telegram.Unavailable = false;
            await application.WaitForHealthAsync("ok");
        }
        finally
        {
            standIns.Telegram.Unavailable = false;
        }
    }

    [Fact]
    public async Task Images_go_wrong_after_a_while()
    {
        await using var sick = standIns.RunApplication("turns-unhealthy", await standIns.CreateDatabaseAsync(), new() { ["STANDIN_UNHEALTHY_AFTER_SECONDS"] = "0.5" });
        await using var crashing = standIns.RunApplication("crash-later", await standIns.CreateDatabaseAsync(), new() { ["STANDIN_CRASH_AFTER_SECONDS"] = "0.5" });
        (await sick.WaitForHealthAsync("unhealthy")).ShouldBe((HttpStatusCode.ServiceUnavailable, "Telegram polling stopped"));
        (await crashing.WaitForExitAsync()).ShouldBe(1);
        crashing.Output.ShouldContain("Web server listens");
    }

    [Fact]
    public async Task A_test_can_ask_for_its_state_and_force_its_health()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using var application = standIns.RunApplication(Newest, database, new() { ["SERVER_URL"] = "https://example.com", ["TIMEZONE"] = "Australia/Sydney" });
        await application.WaitForHealthAsync("healthy");
        var state = await application.StateAsync();
        ((string)state["tag"]!).ShouldBe(Newest);
        ((string)state["environment"]!["TIMEZONE"]!).ShouldBe(Digest("Australia/Sydney"));
        ((string)state["files"]!["config.yaml"]!).Length.ShouldBe(64);
        state.ToJsonString().ShouldNotContain(database.Password);

        await application.PostAsync("/standin/health", new StringContent("conflict"));
        (await application.HealthAsync())!.Reason.ShouldStartWith("Telegram polling stopped due to Conflict");
        await application.PostAsync("/standin/health", new StringContent("clear"));
        (await application.HealthAsync())!.Status.ShouldBe("healthy");
    }

    [Fact]
    public async Task A_mail_is_stored()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using var application = standIns.RunApplication(Newest, database);
        await application.WaitForHealthAsync("healthy");
        await application.PostAsync("/webhook/mail", new FormUrlEncodedContent([new("sender", "a@example.com"), new("subject", "Hi"), new("body-plain", "…")]));
        (await database.ScalarAsync<string>("SELECT sender_address FROM received_emails")).ShouldBe("a@example.com");
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static (long Bot, Dictionary<string, string> Environment) NewBot()
    {
        var bot = Interlocked.Increment(ref _bots);
        return (bot, new Dictionary<string, string> { ["TELEGRAM_BOT_TOKEN"] = $"{bot}:{new string('x', 35)}" });
    }
}
