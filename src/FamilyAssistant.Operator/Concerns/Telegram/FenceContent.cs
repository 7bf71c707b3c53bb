using System.Text;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>What the fence Secret of an instance with a token shall hold.</summary>
/// <param name="BotId">Public id of the bot.</param>
/// <param name="Token">The token.</param>
/// <param name="Users">The list of users in the one form that every reader understands; null when the list does not come from the instance's Secret.</param>
internal sealed record FenceContent(string BotId, byte[] Token, byte[]? Users)
{
    /// <summary>From the Secret of <c>spec.secretRef</c>; null without a token.</summary>
    public static FenceContent? Of(InstanceSpec spec, IReadOnlyDictionary<string, byte[]>? secret) => BotToken.Of(secret) is BotToken.WellFormed token
        ? new FenceContent(
            token.BotId,
            DataOf.ValueOf(secret, AppContract.BotToken)!,
            ServedUsers.Of(spec.Telegram, secret) is ServedUsers.FromSecret(_, var list) ? Encoding.ASCII.GetBytes(list.Text) : null)
        : null;

    /// <summary>Shows the public id only.</summary>
    public override string ToString() => $"token of bot {BotId}";
}
