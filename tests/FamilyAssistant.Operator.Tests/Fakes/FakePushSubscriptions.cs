using FamilyAssistant.Operator.Ports;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>A database that has this many push subscriptions.</summary>
internal sealed class FakePushSubscriptions(long? rows = 0) : IPushSubscriptions
{
    public long? Rows { get; set; } = rows;

    public List<string> Asked { get; } = [];

    public ValueTask<long?> CountAsync(string @namespace, string databaseUrl, CancellationToken ct)
    {
        Asked.Add($"{@namespace} {databaseUrl}");
        return new(Rows);
    }
}
