using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace FamilyAssistant.Operator.Runtime.Hosting;

/// <summary>Compact JSON lines in a pod, readable lines on a terminal; the scope of a pass (kind, object, number) on every line.</summary>
public static class RuntimeLogging
{
    /// <summary>Adds Serilog with this lowest level: <c>Debug</c>, <c>Information</c>, <c>Warning</c> or <c>Error</c>.</summary>
    public static IServiceCollection AddRuntimeLogging(this IServiceCollection services, string level)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(level))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .Enrich.FromLogContext();
        configuration = Console.IsOutputRedirected
            ? configuration.WriteTo.Console(new CompactJsonFormatter())
            : configuration.WriteTo.Console(
                outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Kind} {Namespace}/{Name} {Message:lj}{NewLine}{Exception}", formatProvider: CultureInfo.InvariantCulture);
        return services.AddSerilog(configuration.CreateLogger(), dispose: true);
    }
}
