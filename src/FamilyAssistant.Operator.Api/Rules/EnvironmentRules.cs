using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Rules about <c>spec.env</c>. That names are unique is in the schema: the list is a map by name.</summary>
internal static class EnvironmentRules
{
    private static readonly Scope<EnvironmentVariable> Variable = Scope<EnvironmentVariable>.Each("spec.env", s => s.Env);
    private static readonly Scope<EnvironmentSource> Source = Variable.Member("valueFrom", v => v.ValueFrom);

    public static IEnumerable<InstanceRule> All =>
    [
        new StateRule<EnvironmentVariable>(Variable, v => !OwnedEnvironment.Names.Contains(v.Name))
        {
            Id = "env-name-not-owned",
            Cel = $"!(self.name in {Cel.List(OwnedEnvironment.Ordered)})",
            Message = "the operator sets this variable itself: use the field of the spec that stands for it, and secretRef for the bot token",
            FieldPath = ".name",
            Reason = "FieldValueForbidden",
        },
        new StateRule<EnvironmentVariable>(Variable, v => v.Value is null != v.ValueFrom is null)
        {
            Id = "env-value-or-source",
            Cel = "has(self.value) != has(self.valueFrom)",
            Message = "exactly one of value and valueFrom must be set",
        },
        new StateRule<EnvironmentSource>(Source, s => s.SecretKeyRef is null != s.ConfigMapKeyRef is null)
        {
            Id = "env-source-one-of",
            Cel = "has(self.secretKeyRef) != has(self.configMapKeyRef)",
            Message = "exactly one of secretKeyRef and configMapKeyRef must be set",
        },
    ];
}
