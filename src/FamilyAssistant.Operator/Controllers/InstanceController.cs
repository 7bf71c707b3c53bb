using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>What the controller of instances watches, and how each cache is kept small.</summary>
internal static class InstanceController
{
    /// <summary>Kinds that instances own and that other software may have too: of a stranger's object only the identity is kept.</summary>
    private static readonly ResourceType[] Owned =
        [ResourceTypes.StatefulSet, ResourceTypes.Service, ResourceTypes.ServiceAccount, ResourceTypes.Ingress, ResourceTypes.NetworkPolicy];

    /// <summary>Registers informers, controller and pipeline.</summary>
    public static IServiceCollection AddInstanceController(this IServiceCollection services, int workers, string operatorNamespace)
    {
        AddInformers(services, operatorNamespace);
        var waiters = new TelegramWaiters();

        var controller = new ControllerOptions("instance", Kinds.Instance) { Workers = workers };
        foreach (var type in (ResourceType[])[.. Owned, ResourceTypes.Pod, ResourceTypes.Secret, ResourceTypes.ConfigMap, ResourceTypes.PersistentVolumeClaim, ResourceTypes.Deployment])
        {
            controller.Watch(type, InstanceSources.KeysOf);
        }

        controller.Watch(Kinds.Operation, ProcedureSources.HeldBy);
        controller.Watch(Kinds.Backup, ProcedureSources.OfProcedure);
        controller.Watch(Kinds.Restore, ProcedureSources.OfProcedure);

        controller.Watch(ResourceTypes.Lease, waiters.KeysOf);

        return services
            .AddSingleton(waiters)
            .AddController<InstanceReconciler>(controller)
            .AddSingleton(provider => provider.GetRequiredKeyedService<IWorkSink>(Kinds.Instance)) // what the monitors and waiters of instances wake
            .AddSingleton<InstancePipeline>()
            .AddSingleton<PipelineRunner>()
            .AddSingleton<StatusWriter>()
            .AddSingleton<Finalization>();
    }

    private static void AddInformers(IServiceCollection services, string operatorNamespace)
    {
        services.AddInformer(Kinds.Instance, options => options.Index(InstanceSources.References, InstanceSources.ReferencesOf));
        foreach (var type in Owned)
        {
            services.AddInformer(type, options => options.Retain = item => item.Labels.TryGetValue(WireNames.ManagedByLabel, out var manager) && manager == WireNames.ManagedByValue);
        }

        services.AddInformer(ResourceTypes.Pod, options =>
        {
            options.LabelSelector = WireNames.InstanceLabel;
            options.IndexLabel(WireNames.InstanceLabel);
        });
        // What may hold other people's secrets or data is watched only where an instance lives.
        services.AddInformer(ResourceTypes.Secret, options =>
        {
            options.FollowNamespacesOf = Kinds.Instance;
            options.FieldSelector = "type!=helm.sh/release.v1";
            options.PageSize = 50;
        });
        services.AddInformer(ResourceTypes.ConfigMap, options =>
        {
            options.FollowNamespacesOf = Kinds.Instance;
            options.PageSize = 50;
        });
        services.AddInformer(ResourceTypes.PersistentVolumeClaim, options => options.FollowNamespacesOf = Kinds.Instance);
        services.AddInformer(ResourceTypes.Deployment, options => options.FollowNamespacesOf = Kinds.Instance);

        // Nothing is concluded from a claim that is not in this cache: instances without a bot must go on where it cannot be filled.
        services.AddInformer(ResourceTypes.Lease, options =>
        {
            options.Namespaces = [operatorNamespace];
            options.LabelSelector = $"{WireNames.ClaimLabel}={WireNames.ClaimOfBot}";
            options.IsAdvisory = true;
            options.Index(BotClaim.ByHolder, BotClaim.IndexValues);
        });
    }
}
