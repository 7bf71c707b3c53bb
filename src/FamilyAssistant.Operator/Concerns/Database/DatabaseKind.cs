using System.Text;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>
/// Whether the spec changed from a managed to an external database or back, which an API server without CEL lets in. The spec before is not known; what this very
/// instance made says which kind it had. Pure.
/// </summary>
internal static class DatabaseKind
{
    /// <summary>Why the instance keeps the database that it has; null when there is nothing against the spec.</summary>
    public static StepOutcome? Changed(InstancePass pass)
    {
        var handedOut = DataOf.ValueOf(DataOf.Secret(Own(pass, ResourceTypes.Secret, ObjectNames.DatabaseSecret(pass.Name))), AppContract.DatabaseUrl) is { } url
            ? Encoding.UTF8.GetString(url)
            : null;
        var managed = DatabasePlan.Managed(pass.Namespace, pass.Name, "");
        var changed = pass.Spec.Database switch
        {
            { External: { } external } => Own(pass, ResourceTypes.StatefulSet, ObjectNames.ManagedDatabase(pass.Name)) is not null
                || (handedOut is not null && DatabaseUrl.LeadsTo(handedOut, managed) && !DatabaseUrl.LeadsTo(handedOut, Target(external))),
            { Managed: not null } => handedOut is not null && !DatabaseUrl.LeadsTo(handedOut, managed),
            _ => false,
        };
        return changed ? new StepOutcome.Blocked(CommonReasons.InvalidSpec, InstanceRules.Broken("database-kind-immutable") + ".", NeedsSpecChange: true) : null;
    }

    private static DatabaseTarget Target(ExternalDatabaseSpec spec) => new(spec.Host, spec.Port, spec.Name, "", "", spec.SslMode);

    /// <summary>What an earlier instance of the name left behind says nothing about this one.</summary>
    private static ClusterObject? Own(InstancePass pass, ResourceType type, string name) =>
        pass.Observed.Find(type, name) is { Json.IsEmpty: false } found && found.ControllerUid == pass.Source.Uid ? found : null;
}
