using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>Registration of the concern. What runs Jobs comes with the backups.</summary>
internal static class RestoresServices
{
    public static IServiceCollection AddRestoresConcern(this IServiceCollection services) => services
        .AddSingleton<RestoreHandler>()
        .AddSingleton<RestoreMetrics>();
}
