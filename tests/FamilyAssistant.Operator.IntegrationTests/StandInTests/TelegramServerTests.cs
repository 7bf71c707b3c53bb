using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Telegram;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.StandInTests;

public sealed class TelegramServerTests : IAsyncLifetime
{
    private const long BotId = 123456789;
    private static readonly string Token = $"{BotId}:{new string('a', 35)}";
    private readonly HttpClient _http = new();
    private TelegramServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TelegramServer.StartAsync();

    [Fact]
    public async Task A_bot_knows_itself()
    {
        var (code, answer) = await CallAsync(Token, "getMe");
        code.ShouldBe(HttpStatusCode.OK);
        ((long)answer["result"]!["id"]!).ShouldBe(BotId);
    }

    [Fact]
    public async Task A_malformed_token_is_not_found_and_an_outdated_one_is_unauthorized()
    {
        (await CallAsync("no-token", "getMe")).Code.ShouldBe(HttpStatusCode.NotFound);
        var renewed = $"{BotId}:{new string('b', 35)}";
        _server.Register(renewed);
        (await CallAsync(Token, "getMe")).Code.ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync(renewed, "getMe")).Code.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_update_is_delivered_until_it_is_confirmed_by_the_offset()
    {
        _server.SendMessage(BotId, 42, "hello");
        var first = (await CallAsync(Token, "getUpdates")).Answer["result"]!.AsArray();
        ((string)first.Single()!["message"]!["text"]!).ShouldBe("hello");
        (await CallAsync(Token, "getUpdates")).Answer["result"]!.AsArray().Count.ShouldBe(1);
        var next = (long)first.Single()!["update_id"]! + 1;
        (await CallAsync(Token, "getUpdates", new { offset = next })).Answer["result"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_waiting_poll_is_answered_by_a_new_message()
    {
        var poll = CallAsync(Token, "getUpdates", new { timeout = 30 });
        await Wait.ForAsync(() => Task.FromResult(_server.ActivePoller(BotId) is not null), "the poll");
        _server.SendMessage(BotId, 42, "wake up");
        (await poll).Answer["result"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_second_poller_ends_the_first_ones_poll_with_409_and_is_recorded()
    {
        await using var first = _server.StartForeignPoller(Token, "first");
        await Wait.ForAsync(() => Task.FromResult(_server.ActivePoller(BotId) is not null), "the first poll");
        await using var second = _server.StartForeignPoller(Token, "second");
        await Wait.ForAsync(() => Task.FromResult(first.Conflicts > 0 && second.Conflicts > 0), "409 for both");

        var overlap = _server.Overlaps[0];
        overlap.Earlier.UserAgent.ShouldBe("foreign-poller/first");
        overlap.Later.UserAgent.ShouldBe("foreign-poller/second");
        _server.ConflictCount(BotId).ShouldBeGreaterThanOrEqualTo(2);
        _server.Pollers(BotId).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Pollers_of_different_bots_and_pollers_after_each_other_are_no_overlap()
    {
        await using var other = _server.StartForeignPoller($"{BotId + 1}:{new string('a', 35)}");
        await using (_server.StartForeignPoller(Token, "first"))
        {
            await Wait.ForAsync(() => Task.FromResult(_server.ActivePoller(BotId) is not null), "the first poll");
        }

        await using var second = _server.StartForeignPoller(Token, "second");
        await Wait.ForAsync(() => Task.FromResult(_server.ActivePoller(BotId)?.UserAgent == "foreign-poller/second"), "the second poll");
        _server.Overlaps.ShouldBeEmpty();
        _server.Pollers(BotId)[0].To.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_poll_that_comes_in_a_moment_before_the_earlier_one_ends_is_an_overlap()
    {
        var first = _server.StartForeignPoller(Token, "first");
        await Wait.ForAsync(() => Task.FromResult(_server.ActivePoller(BotId) is not null), "the first poll");
        await using var second = _server.StartForeignPoller(Token, "second");
        await Wait.ForAsync(() => Task.FromResult(_server.Pollers(BotId).Count == 2), "the second poll");

        await first.DisposeAsync();

        _server.Overlaps[0].Later.UserAgent.ShouldBe("foreign-poller/second");
    }

    [Fact]
    public async Task Pollers_that_take_turns_are_an_overlap_although_no_two_polls_wait_at_once()
    {
        foreach (var name in new[] { "first", "second" })
        {
            (await PollOnceAsync(name)).ShouldBe(HttpStatusCode.OK);
        }

        _server.Overlaps.ShouldBeEmpty();
        (await PollOnceAsync("first")).ShouldBe(HttpStatusCode.OK);
        _server.Overlaps.ShouldHaveSingleItem().Earlier.UserAgent.ShouldBe("foreign-poller/second");
    }

    [Fact]
    public async Task An_outage_answers_everything_with_502()
    {
        _server.Unavailable = true;
        (await CallAsync(Token, "getMe")).Code.ShouldBe(HttpStatusCode.BadGateway);
        _server.Unavailable = false;
        (await CallAsync(Token, "getMe")).Code.ShouldBe(HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    private async Task<HttpStatusCode> PollOnceAsync(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_server.BaseAddress, $"/bot{Token}/getUpdates"));
        request.Headers.UserAgent.ParseAdd($"foreign-poller/{name}");
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task<(HttpStatusCode Code, JsonNode Answer)> CallAsync(string token, string method, object? parameters = null)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(_server.BaseAddress, $"/bot{token}/{method}"), parameters ?? new { }, TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }
}
