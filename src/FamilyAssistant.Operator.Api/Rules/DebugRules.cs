using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Rules about <c>spec.debug</c>.</summary>
internal static class DebugRules
{
    private static readonly Scope<DebugSpec> Debug = Scope<DebugSpec>.Single("spec.debug", s => s.Debug);

    public static IEnumerable<InstanceRule> All =>
    [
        new StateRule<DebugSpec>(Debug, d => d.LlmMessages || d.Litellm)
        {
            Id = "debug-switch",
            Cel = "self.llmMessages || self.litellm",
            Message = "at least one of llmMessages and litellm must be true: set one, or remove debug",
        },
    ];
}
