using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>What the controller of operations watches beside what every procedure's does. The handlers come with their concerns.</summary>
internal static class OperationController
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddOperationController(this IServiceCollection services) => services
        .AddProcedureController<OperationKind, FamilyAssistantOperation, OperationStatus>("operation", Kinds.Operation, controller => controller
            .Watch(ResourceTypes.StatefulSet, ProcedureSources.OfOwned(Kinds.Operation))
            .Watch(ResourceTypes.Pod, ProcedureSources.OfOwned(Kinds.Operation)))
        .AddSingleton<OperationHistory>()
        .AddSingleton<OperationMetrics>();
}
