using FamilyAssistant.Operator.Reconciliation.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>Registration of the concern.</summary>
internal static class BackupsServices
{
    /// <summary>Registers it.</summary>
    /// <param name="services">The services.</param>
    /// <param name="images">Images with the tools that make, prove and delete sets.</param>
    public static IServiceCollection AddBackupsConcern(this IServiceCollection services, ToolImages images) => services
        .AddSingleton<BackupMetrics>()
        .AddSingleton<BackupsStep>()
        .AddSingleton(images)
        .AddSingleton<JobRunner>()
        .AddSingleton<BackupHandler>()
        .AddSingleton<VerificationHandler>()
        .AddSingleton<RemovalHandler>();
}
