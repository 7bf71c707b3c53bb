using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>
/// The Secret <c>NAME-telegram</c>: the only place from which a pod of the instance gets its token. It holds a token only while the instance holds the claim of
/// that bot, so a container that is restarted, whenever and by whomever, cannot get another one.
/// </summary>
/// <param name="Source">The Secret as it was seen.</param>
/// <param name="Token">The token; null before it is filled in.</param>
/// <param name="Users">The list of users; null when it does not come from here.</param>
internal sealed record Fence(ClusterObject Source, byte[]? Token, byte[]? Users)
{
    /// <summary>Reads it; null when there is none.</summary>
    public static Fence? Of(ClusterObject? secret)
    {
        var data = secret is { Json.IsEmpty: false } ? DataOf.Secret(secret) : null;
        return secret is null ? null : new Fence(secret, DataOf.ValueOf(data, AppContract.BotToken), DataOf.ValueOf(data, AppContract.AllowedUsers));
    }

    /// <summary>Bot of its token; null when it has none.</summary>
    public string? BotId => Token is null ? null : BotOf(Token);

    /// <summary>Whether it is this instance's: by owner, or by label where an orphaning deletion took the owner away.</summary>
    public bool IsOf(ClusterObject instance) => Source.ControllerUid is { } owner
        ? owner == instance.Uid
        : IsLabelled(instance.Key.Name);

    /// <summary>Whether an operator made it for an instance of this name, be it this one or an earlier one.</summary>
    public bool IsLabelled(string instance) =>
        Source.Labels.GetValueOrDefault(WireNames.ManagedByLabel) == WireNames.ManagedByValue && Source.Labels.GetValueOrDefault(WireNames.InstanceLabel) == instance;

    /// <summary>Whether it holds the token of these contents.</summary>
    public bool HasTokenOf(FenceContent content) => Token is not null && Token.AsSpan().SequenceEqual(content.Token);

    /// <summary>
    /// Whether it need not be written: owner and list are as wanted. A list that is not wanted any more stays until the token goes, because a pod of the template of
    /// before could not be restarted without it.
    /// </summary>
    public bool IsComplete(FenceContent content, ClusterObject instance) =>
        Source.ControllerUid == instance.Uid && (content.Users is null || (Users is not null && Users.AsSpan().SequenceEqual(content.Users)));

    private static string? BotOf(byte[] token) => BotToken.Of(new Dictionary<string, byte[]> { [AppContract.BotToken] = token }) is BotToken.WellFormed known ? known.BotId : null;
}
