using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Operations;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>What the controller of operations watches. The handlers come with their concerns.</summary>
internal static class OperationController
{
    /// <summary>Registers informer and controller.</summary>
    public static IServiceCollection AddOperationController(this IServiceCollection services)
    {
        services.AddInformer(Kinds.Operation, options =>
        {
            // What is absent from it is read live before anything follows from that; without its definition, instances go on.
            options.IsAdvisory = true;
            options.Index(OperationSources.Instance, OperationSources.InstanceOf);
        });

        return services
            .AddController<OperationReconciler>(new ControllerOptions("operation", Kinds.Operation) { Workers = 2 }
                .Watch(Kinds.Operation, OperationSources.OfSibling)
                .Watch(Kinds.Instance, OperationSources.OfInstance)
                .Watch(ResourceTypes.StatefulSet, OperationSources.OfOwned)
                .Watch(ResourceTypes.Pod, OperationSources.OfOwned))
            .AddSingleton<OperationLock>()
            .AddSingleton<OperationHold>()
            .AddSingleton<OperationHistory>()
            .AddSingleton<OperationMetrics>()
            .AddSingleton<OperationStatusWriter>();
    }
}
