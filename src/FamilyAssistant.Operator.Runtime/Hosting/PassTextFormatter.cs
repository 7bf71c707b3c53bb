using Serilog.Events;
using Serilog.Formatting;

namespace FamilyAssistant.Operator.Runtime.Hosting;

/// <summary>Says in one word which pass a line belongs to; nothing for a line outside of one.</summary>
internal sealed class PassTextFormatter(ITextFormatter inner) : ITextFormatter
{
    /// <summary>Name of the property that the inner formatter may print.</summary>
    public const string Property = "PassText";

    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (Text(logEvent, "Pass") is { } pass)
        {
            var text = $"{Text(logEvent, "Kind")} {Text(logEvent, "Namespace")}/{Text(logEvent, "Name")} #{pass} ";
            logEvent.AddOrUpdateProperty(new LogEventProperty(Property, new ScalarValue(text)));
        }

        inner.Format(logEvent, output);
    }

    private static string? Text(LogEvent logEvent, string name) =>
        logEvent.Properties.TryGetValue(name, out var value) && value is ScalarValue { Value: { } scalar } ? scalar.ToString() : null;
}
