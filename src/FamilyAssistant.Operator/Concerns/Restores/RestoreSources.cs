using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>What backups mean for a restore: the one that it names, and the one that it makes. Pure.</summary>
internal static class RestoreSources
{
    /// <summary>Where the set of a named backup is.</summary>
    public static RestoreOrigin OfBackup(string name, string instance, FamilyAssistantBackup? backup) => backup switch
    {
        null => new RestoreOrigin.Refused(RestoreReasons.BackupNotFound, $"spec.source.backupRef: there is no FamilyAssistantBackup {name} in this namespace. Name another one, or the set by its volume (spec.source.volume), in another restore."),
        _ when backup.Spec.InstanceRef.Name != instance => new RestoreOrigin.Refused(RestoreReasons.BackupNotOwned, $"FamilyAssistantBackup {name} is one of instance {backup.Spec.InstanceRef.Name}. To restore it into {instance}, name its set by the volume (spec.source.volume with instanceName), in another restore."),
        { Status: { Phase: ProcedurePhases.Completed, SetId: { } set, Location: { } location } } => new RestoreOrigin.Found(location.Claim, FolderOf(location, set, instance), set),
        _ => new RestoreOrigin.Refused(RestoreReasons.BackupNotCompleted, $"FamilyAssistantBackup {name} is {backup.Status?.Phase ?? ProcedurePhases.Pending}, so there is no set to rely on. Wait until it is Completed, or name another one, and create another restore."),
    };

    /// <summary>How far the safety backup is.</summary>
    public static SafetyState SafetyOf(string name, string restore, ClusterObject? source, BackupStatus? status) => source switch
    {
        null => new SafetyState.Absent(),
        _ when source.Annotations.GetValueOrDefault(WireNames.RestoreAnnotation) != restore => new SafetyState.Failed($"FamilyAssistantBackup {name} exists and was not made by this restore. Delete it, and create another restore."),
        _ when status?.Phase == ProcedurePhases.Completed => new SafetyState.Completed(),
        _ when status?.Phase == ProcedurePhases.Failed => new SafetyState.Failed($"FamilyAssistantBackup {name}, which saves what would be replaced, failed ({status.Reason}): {status.Message}"),
        _ => new SafetyState.Running($"FamilyAssistantBackup {name} saves what is going to be replaced. {status?.Message}".TrimEnd()),
    };

    private static string FolderOf(BackupLocation location, string set, string instance) =>
        location.Path.EndsWith("/" + set, StringComparison.Ordinal) ? location.Path[..^(set.Length + 1)].TrimStart('/') : instance;
}
