using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>Registration of the concern.</summary>
internal static class BackupsServices
{
    public static IServiceCollection AddBackupsConcern(this IServiceCollection services) => services.AddSingleton<BackupMetrics>().AddSingleton<BackupsStep>();
}
