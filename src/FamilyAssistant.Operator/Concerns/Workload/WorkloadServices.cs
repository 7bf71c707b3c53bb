using FamilyAssistant.Operator.Reconciliation.Operations;
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
