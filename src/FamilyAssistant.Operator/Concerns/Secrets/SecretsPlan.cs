using System.Collections.Immutable;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>Whether the instance can start with the Secrets and ConfigMaps that it names.</summary>
internal abstract record SecretsPlan
{
    private SecretsPlan(string? botId) => BotId = botId;

    /// <summary>Public id of the bot, when there is a well-formed token.</summary>
    public string? BotId { get; }

    /// <summary>Everything is there.</summary>
    /// <param name="BotId">Public id of the bot.</param>
    /// <param name="Notes">What a person should know although it stops nothing.</param>
    internal sealed record Accept(string? BotId, ImmutableArray<string> Notes) : SecretsPlan(BotId);

    /// <summary>Something is missing or malformed.</summary>
    internal sealed record Refuse(string? BotId, Finding Finding) : SecretsPlan(BotId);

    /// <summary>Pure decision; the first finding in this order is the one that is reported.</summary>
    public static SecretsPlan Decide(InstanceSpec spec, SecretsPicture picture)
    {
        var token = BotToken.Of(picture.Secret);
        var botId = (token as BotToken.WellFormed)?.BotId;
        var finding = SecretChecks.Check(spec, picture)
            ?? TelegramChecks.Check(spec, picture, token)
            ?? ReferenceChecks.Check(spec, picture);
        return finding is null
            ? new Accept(botId, SecretNotes.Of(spec, picture))
            : new Refuse(botId, finding);
    }
}

/// <summary>Why the instance cannot start.</summary>
/// <param name="Reason">One of <see cref="SecretsReasons"/>.</param>
/// <param name="Message">The field or key and the remedy; never a value.</param>
/// <param name="NeedsSpecChange">Only an edit of the instance mends it.</param>
internal sealed record Finding(string Reason, string Message, bool NeedsSpecChange = false);

/// <summary>What the instance names, as it is now.</summary>
/// <param name="Secret">Data of <c>spec.secretRef</c>; null when it does not exist or none is named.</param>
/// <param name="Config">Data of <c>spec.configRef</c>; null when it does not exist or none is named.</param>
/// <param name="SecretOf">Data of any Secret of the namespace, null when it does not exist.</param>
/// <param name="ConfigMapOf">Data of any ConfigMap of the namespace, null when it does not exist.</param>
internal sealed record SecretsPicture(
    IReadOnlyDictionary<string, byte[]>? Secret,
    IReadOnlyDictionary<string, byte[]>? Config,
    Func<string, IReadOnlyDictionary<string, byte[]>?> SecretOf,
    Func<string, IReadOnlyDictionary<string, byte[]>?> ConfigMapOf);
