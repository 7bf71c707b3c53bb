using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Hosting;
using Microsoft.Extensions.Logging;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Hosting;

public sealed class LoggingTests
{
    [Fact]
    public void A_line_in_a_pod_is_JSON_that_says_kind_instance_and_pass()
    {
        var line = JsonNode.Parse(Log(forPeople: false, inPass: true))!;

        line["Kind"]!.GetValue<string>().ShouldBe("Thing");
        line["Namespace"]!.GetValue<string>().ShouldBe("home");
        line["Name"]!.GetValue<string>().ShouldBe("a");
        line["Pass"]!.GetValue<long>().ShouldBe(17);
        line["@mt"]!.GetValue<string>().ShouldBe("Hello {What}");
    }

    [Fact]
    public void A_line_on_a_terminal_is_readable_and_says_the_same() =>
        Log(forPeople: true, inPass: true).ShouldMatch(@"^\d\d:\d\d:\d\d INF Thing home/a #17 Hello world\r?\n$");

    [Fact]
    public void A_line_outside_of_a_pass_says_nothing_of_one() =>
        Log(forPeople: true, inPass: false).ShouldMatch(@"^\d\d:\d\d:\d\d INF Hello world\r?\n$");

    private static string Log(bool forPeople, bool inPass)
    {
        using var text = new StringWriter();
        using var serilog = RuntimeLogging.Configure(LogEventLevel.Information).WriteTo.Sink(new Sink(text, forPeople)).CreateLogger();
        using var provider = new SerilogLoggerProvider(serilog);
        var logger = provider.CreateLogger("Test");
        using var scope = inPass ? logger.BeginScope(new PassScope("Thing", new ObjectKey("home", "a"), 17)) : null;
#pragma warning disable CA1848, CA1873 // One line in a test.
        logger.LogInformation("Hello {What}", "world");
#pragma warning restore CA1848, CA1873
        return text.ToString();
    }

    private sealed class Sink(TextWriter text, bool forPeople) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => RuntimeLogging.Formatter(forPeople).Format(logEvent, text);
    }
}
