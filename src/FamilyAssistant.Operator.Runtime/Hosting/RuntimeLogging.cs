using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Serilog;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace FamilyAssistant.Operator.Runtime.Hosting;

/// <summary>Compact JSON lines in a pod, readable lines on a terminal; the scope of a pass (kind, object, number) on every line.</summary>
public static class RuntimeLogging
{
    /// <summary>Adds Serilog with this lowest level: <c>Debug</c>, <c>Information</c>, <c>Warning</c> or <c>Error</c>.</summary>
    public static IServiceCollection AddRuntimeLogging(this IServiceCollection services, string level)
    {
        var configuration = Configure(Enum.Parse<LogEventLevel>(level)).WriteTo.Console(Formatter(forPeople: !Console.IsOutputRedirected));
        return services.AddSerilog(configuration.CreateLogger(), dispose: true);
    }

    internal static LoggerConfiguration Configure(LogEventLevel level) => new LoggerConfiguration()
        .MinimumLevel.Is(level)
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .Enrich.FromLogContext();

    internal static ITextFormatter Formatter(bool forPeople) => forPeople
        ? new PassTextFormatter(new MessageTemplateTextFormatter("{Timestamp:HH:mm:ss} {Level:u3} {" + PassTextFormatter.Property + "}{Message:lj}{NewLine}{Exception}", CultureInfo.InvariantCulture))
        : new CompactJsonFormatter();
}
