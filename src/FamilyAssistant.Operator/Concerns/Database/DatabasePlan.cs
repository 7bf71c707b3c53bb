using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>Which database the instance gets.</summary>
internal abstract record DatabasePlan
{
    private DatabasePlan()
    {
    }

    /// <summary>This one: hand out its URL and look at it.</summary>
    internal sealed record Connect(DatabaseTarget Target) : DatabasePlan;

    /// <summary>None as things are; what runs is left as it is.</summary>
    internal sealed record Refuse(StepOutcome Outcome) : DatabasePlan;

    /// <summary>Pure decision about an external database.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="spec">Its database.</param>
    /// <param name="credentials">What its Secret holds.</param>
    /// <param name="holder">An older instance that uses the same database, or null.</param>
    public static DatabasePlan Decide(ObjectIdentity instance, ExternalDatabaseSpec spec, DatabaseCredentials credentials, ObjectIdentity? holder) => credentials switch
    {
        _ when holder is not null => new Refuse(new StepOutcome.Blocked(DatabaseReasons.InUse, Claimed(instance, spec, holder))),
        DatabaseCredentials.Invalid(var reason, var message) => new Refuse(new StepOutcome.Blocked(reason, message)),
        DatabaseCredentials.Valid valid => new Connect(new DatabaseTarget(spec.Host, spec.Port, spec.Name, valid.Username, valid.Password, spec.SslMode)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The database of the managed server.</summary>
    public static DatabaseTarget Managed(string @namespace, string instance, string password) => new(
        ManagedServer.HostOf(@namespace, instance),
        ManagedServer.Port,
        ManagedServer.Database,
        ManagedServer.Role,
        password,

        // The official images come without a certificate, and nobody but pods of this instance and the operator may connect.
        SslMode.Disable);

    /// <summary>Another tenant's instance is not named: its existence is none of this one's business.</summary>
    private static string Claimed(ObjectIdentity instance, ExternalDatabaseSpec spec, ObjectIdentity holder)
    {
        var who = holder.Namespace == instance.Namespace ? $"instance {holder.Name}" : "an instance of another namespace";
        return $"Database {spec.Name} at {spec.Host}:{spec.Port} is in use by {who}, which had it first. Two instances on one database would run each other's tasks: give this one a database of its own in spec.database.external.";
    }
}
