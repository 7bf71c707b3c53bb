using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>What the concern needs to know of the operator itself.</summary>
/// <param name="OperatorNamespace">Namespace of the claims.</param>
/// <param name="ShowClaimHolders">Whether the holder of a claim is named to instances of other namespaces too.</param>
internal sealed record TelegramOptions(string OperatorNamespace, bool ShowClaimHolders)
{
    /// <summary>The Lease that is the claim of a bot.</summary>
    public ObjectKey ClaimOf(string botId) => new(OperatorNamespace, ObjectNames.BotClaim(botId));
}
