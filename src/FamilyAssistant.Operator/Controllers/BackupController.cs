using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>What the controller of backups watches beside what every procedure's does: its Jobs and their pods, and what one that has not begun may wait for.</summary>
internal static class BackupController
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddBackupController(this IServiceCollection services) => services
        .AddProcedureController<BackupKind, FamilyAssistantBackup, BackupStatus>("backup", Kinds.Backup, controller => controller
            .Watch(ResourceTypes.Job, ProcedureSources.OfJob(Kinds.Backup))
            .Watch(ResourceTypes.Pod, ProcedureSources.OfJob(Kinds.Backup))
            .Watch(ResourceTypes.PersistentVolumeClaim, ProcedureSources.OfNeeded(Kinds.Backup))
            .Watch(ResourceTypes.Secret, ProcedureSources.OfNeeded(Kinds.Backup)));
}
