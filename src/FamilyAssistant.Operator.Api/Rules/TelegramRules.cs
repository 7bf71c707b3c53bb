using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Rules about <c>spec.telegram</c>. No rule can read the token: whether an empty list, or a second replica beside a list in the Secret, is allowed is decided where the Secret is read.</summary>
internal static class TelegramRules
{
    private static readonly Scope<TelegramSpec> Telegram = Scope<TelegramSpec>.Single("spec.telegram", s => s.Telegram);

    private static readonly Scope<InstanceSpec> Spec = Scope<InstanceSpec>.Single("spec", s => s);

    public static IEnumerable<InstanceRule> All =>
    [
        new StateRule<InstanceSpec>(Spec, s => s.Replicas <= 1 || s.Telegram is not { } telegram || !(telegram.AllowAnyone || telegram.AllowedUsers is { Count: > 0 }))
        {
            Id = "telegram-one-poller",
            Cel = "self.replicas <= 1 || !has(self.telegram) || (!self.telegram.allowAnyone && (!has(self.telegram.allowedUsers) || self.telegram.allowedUsers.size() == 0))",
            Message = "a bot has one poller: set replicas to 0 or 1, or remove telegram.allowedUsers and telegram.allowAnyone to run several pods without a bot",
            FieldPath = ".replicas",
        },
        new StateRule<TelegramSpec>(Telegram, t => !t.AllowAnyone || t.AllowedUsers is not { Count: > 0 })
        {
            Id = "telegram-anyone-or-users",
            Cel = "!self.allowAnyone || !has(self.allowedUsers) || self.allowedUsers.size() == 0",
            Message = "allowAnyone contradicts a list of allowed users, which the application would still enforce: remove one of them",
            FieldPath = ".allowAnyone",
        },
    ];
}
