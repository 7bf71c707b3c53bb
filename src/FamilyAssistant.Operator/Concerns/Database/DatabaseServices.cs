using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>Registration of the concern.</summary>
internal static class DatabaseServices
{
    /// <summary>Needs <c>IDatabaseMonitor</c>, <c>ICaches</c>, <c>IClusterApi</c>, <c>IEventRecorder</c>, <c>IWorkSink</c> and <c>TimeProvider</c>.</summary>
    public static IServiceCollection AddDatabaseConcern(this IServiceCollection services, string operatorNamespace) => services
        .AddSingleton(new DatabaseOptions(operatorNamespace))
        .AddSingleton<DatabaseClaims>()
        .AddSingleton<DatabaseWaiters>()
        .AddSingleton<DatabaseStep>();
}
