using System.Diagnostics.CodeAnalysis;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>What all controllers of procedures have in common.</summary>
internal static class ProcedureController
{
    /// <summary>Registers the informers of all kinds of procedures and what settles their turns; once.</summary>
    public static IServiceCollection AddProcedures(this IServiceCollection services)
    {
        foreach (var type in ProcedureSources.All)
        {
            services.AddInformer(type, options =>
            {
                // What is absent from it is read live before anything follows from that; without its definition, instances go on.
                options.IsAdvisory = true;
                options.Index(ProcedureSources.Instance, ProcedureSources.InstanceOf);
            });
        }

        // The Jobs of backups and restores; one that is absent from the cache is read live before it is made.
        services.AddInformer(ResourceTypes.Job, options =>
        {
            options.LabelSelector = WireNames.ProcedureLabel;
            options.IsAdvisory = true;
        });

        return services.AddSingleton<ProcedureLock>().AddSingleton<ProcedureHold>();
    }

    /// <summary>Registers the controller of one kind.</summary>
    public static IServiceCollection AddProcedureController<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TKind, TProcedure, TStatus>(this IServiceCollection services, string name, ResourceType type, Func<ControllerOptions, ControllerOptions> watches)
        where TKind : ProcedureKind<TProcedure, TStatus>
        where TProcedure : class
        where TStatus : ProcedureStatus, new()
    {
        var controller = new ControllerOptions(name, type) { Workers = 2 }.Watch(Kinds.Instance, ProcedureSources.OfInstance(type));
        foreach (var procedure in ProcedureSources.All)
        {
            controller = controller.Watch(procedure, ProcedureSources.OfSibling(type));
        }

        return services
            .AddController<ProcedureReconciler<TProcedure, TStatus>>(watches(controller))
            .AddSingleton<TKind>()
            .AddSingleton<ProcedureKind<TProcedure, TStatus>>(provider => provider.GetRequiredService<TKind>())
            .AddSingleton<IProcedureKind>(provider => provider.GetRequiredService<TKind>())
            .AddSingleton<ProcedureStatusWriter<TProcedure, TStatus>>();
    }
}
