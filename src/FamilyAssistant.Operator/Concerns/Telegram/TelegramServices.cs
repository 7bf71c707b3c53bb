using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>Registration of the concern.</summary>
internal static class TelegramServices
{
    /// <summary>Needs <c>TelegramWaiters</c>, <c>ICaches</c>, <c>IClusterApi</c>, <c>IConflictMonitor</c> and <c>IEventRecorder</c>.</summary>
    public static IServiceCollection AddTelegramConcern(this IServiceCollection services, TelegramOptions options) => services
        .AddSingleton(options)
        .AddSingleton<TelegramStep>();
}
