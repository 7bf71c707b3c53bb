using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Concerns.Health;

/// <summary>Registration of the concern.</summary>
internal static class HealthServices
{
    /// <summary>Needs <c>IHealthMonitor</c>.</summary>
    public static IServiceCollection AddHealthConcern(this IServiceCollection services) => services.AddSingleton<HealthStep>();
}
