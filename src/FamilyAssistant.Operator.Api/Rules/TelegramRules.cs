using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Rules about <c>spec.telegram</c>. Whether an empty list is allowed depends on the token and is decided where the Secret is read.</summary>
internal static class TelegramRules
{
    private static readonly Scope<TelegramSpec> Telegram = Scope<TelegramSpec>.Single("spec.telegram", s => s.Telegram);

    public static IEnumerable<InstanceRule> All =>
    [
        new StateRule<TelegramSpec>(Telegram, t => !t.AllowAnyone || t.AllowedUsers is not { Count: > 0 })
        {
            Id = "telegram-anyone-or-users",
            Cel = "!self.allowAnyone || !has(self.allowedUsers) || self.allowedUsers.size() == 0",
            Message = "allowAnyone contradicts a list of allowed users, which the application would still enforce: remove one of them",
            FieldPath = ".allowAnyone",
        },
    ];
}
