using System.Text.RegularExpressions;

namespace FamilyAssistant.Operator.LocalCluster.Telegram;

/// <summary>Who polls: what it says about itself, and the port it came from (another for every connection).</summary>
/// <param name="UserAgent">The stand-in application says its tag, pod, process id and start time; two processes never say the same.</param>
/// <param name="RemotePort">Port of the connection that was seen first.</param>
public sealed partial record PollerClient(string UserAgent, int RemotePort)
{
    /// <summary>Name of the pod when the stand-in application polls from one, else null.</summary>
    public string? Pod => PodName().Match(UserAgent) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"\(pod=([^;)]+)")]
    private static partial Regex PodName();
}

/// <summary>A process that polls or polled a bot.</summary>
/// <param name="BotId">The bot.</param>
/// <param name="Client">The process.</param>
/// <param name="From">Start of its first poll.</param>
/// <param name="To">End of its last one; null while a poll of it waits for an answer.</param>
public sealed record PollerPeriod(long BotId, PollerClient Client, DateTimeOffset From, DateTimeOffset? To);

/// <summary>
/// Two processes polled the same bot at the same time, or by turns: what must never happen. One that closed its connection, by its death for example,
/// before the next one's poll came in is no overlap, however close it was.
/// </summary>
/// <param name="BotId">The bot.</param>
/// <param name="Earlier">Whose poll waited, and was answered with 409; or who had polled since <paramref name="Later"/> did before.</param>
/// <param name="Later">Whose poll came in.</param>
/// <param name="At">When.</param>
public sealed record PollerOverlap(long BotId, PollerClient Earlier, PollerClient Later, DateTimeOffset At);

/// <summary>What a bot sent to a chat.</summary>
public sealed record BotReply(long ChatId, string Text, DateTimeOffset At);
