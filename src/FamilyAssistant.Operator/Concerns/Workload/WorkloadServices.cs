using FamilyAssistant.Operator.Reconciliation.Procedures;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>Registration of the concern.</summary>
internal static class WorkloadServices
{
    public static IServiceCollection AddWorkloadConcern(this IServiceCollection services) => services
        .AddSingleton<WorkloadStep>()
        .AddSingleton<IOperationHandler, RestartHandler>()
        .AddSingleton<IOperationHandler, StopStartHandler>();
}
