using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>What the controller of restores watches beside what every procedure's does: its Jobs and their pods, and the application. Its safety backup is a sibling.</summary>
internal static class RestoreController
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddRestoreController(this IServiceCollection services) => services
        .AddProcedureController<RestoreKind, FamilyAssistantRestore, RestoreStatus>("restore", Kinds.Restore, controller => controller
            .Watch(ResourceTypes.Job, ProcedureSources.OfJob(Kinds.Restore))
            .Watch(ResourceTypes.StatefulSet, ProcedureSources.OfOwned(Kinds.Restore))
            .Watch(ResourceTypes.Pod, ProcedureSources.OfOwned(Kinds.Restore)));
}
