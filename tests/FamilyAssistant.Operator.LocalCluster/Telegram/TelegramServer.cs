using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.LocalCluster.Telegram;

/// <summary>
/// A stand-in for Telegram's Bot API on this machine. It answers 409 to the earlier of two polls of the same bot and keeps account of who polled
/// when. Bots are known by their id, the number before the colon of their token. Safe for use from several threads.
/// </summary>
public sealed class TelegramServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, Bot> _bots = new();
    private readonly WebApplication _web;

    private TelegramServer(WebApplication web) => _web = web;

    /// <summary>What to use for <c>https://api.telegram.org</c>; without a slash at its end it is <c>http://127.0.0.1:PORT</c>.</summary>
    public Uri BaseAddress => new(_web.Urls.First());

    /// <summary>Whether every well-formed token of a bot that was not registered is accepted. Default: yes.</summary>
    public bool AcceptUnknownBots { get; set; } = true;

    /// <summary>An outage: everything is answered with 502. Default: no. Polls that wait already are not ended.</summary>
    public bool Unavailable { get; set; }

    /// <summary>What a poll that another one ends is answered with. Default: the real one's words.</summary>
    public string ConflictWords { get; set; } = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";

    /// <summary>Every overlap of every bot since the start, in order of time. Empty is what an operator must achieve.</summary>
    public IReadOnlyList<PollerOverlap> Overlaps => [.. _bots.Values.SelectMany(bot => bot.Overlaps).OrderBy(overlap => overlap.At)];

    /// <summary>Starts a server on a free port of 127.0.0.1.</summary>
    public static async Task<TelegramServer> StartAsync(CancellationToken cancellation = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // A poll may wait for long, and nothing is lost when the server ends.
        builder.WebHost.UseShutdownTimeout(TimeSpan.FromMilliseconds(200));
        var web = builder.Build();
        var server = new TelegramServer(web);
        web.Map("/bot{token}/{method}", new BotRequests(server).HandleAsync);
        await web.StartAsync(cancellation);
        return server;
    }

    /// <summary>Makes a token the only valid one of its bot, as BotFather does when it issues a new one: others are answered with 401 from then on.</summary>
    public void Register(string token)
    {
        var parts = BotToken.Parse(token) ?? throw new ArgumentException("not a token: <bot id>:<35 characters>", nameof(token));
        BotOf(parts.BotId).Secret = parts.Secret;
    }

    /// <summary>Makes every token of a bot invalid, until one is registered.</summary>
    public void Revoke(long botId) => BotOf(botId).Secret = "";

    /// <summary>How many polls of a bot were answered with 409.</summary>
    public int ConflictCount(long botId) => BotOf(botId).Conflicts;

    /// <summary>Who polls and polled a bot, in order of their first poll. A process keeps one entry over all its polls.</summary>
    public IReadOnlyList<PollerPeriod> Pollers(long botId) => BotOf(botId).Periods;

    /// <summary>Whose poll waits for an answer now; null between two polls as well.</summary>
    public PollerClient? ActivePoller(long botId) => BotOf(botId).Active;

    /// <summary>A person writes to the bot, in a private chat: chat id and user id are the same.</summary>
    public void SendMessage(long botId, long chatId, string text) => BotOf(botId).Hear(chatId, text);

    /// <summary>What the bot sent, in order.</summary>
    public IReadOnlyList<BotReply> Replies(long botId) => BotOf(botId).Replies;

    /// <summary>A poller outside the cluster, until it is disposed.</summary>
    public ForeignPoller StartForeignPoller(string token, string name = "elsewhere") => new(BaseAddress, token, name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _web.DisposeAsync();

    internal Bot BotOf(long botId) => _bots.GetOrAdd(botId, static id => new Bot(id));
}
