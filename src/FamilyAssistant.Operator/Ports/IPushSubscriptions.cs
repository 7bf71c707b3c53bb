namespace FamilyAssistant.Operator.Ports;

/// <summary>Asks a database how many browsers are subscribed to push notifications: on demand, before they are told that they have to subscribe again. Never for the status, because it moves.</summary>
internal interface IPushSubscriptions
{
    /// <summary>Longest time that an answer takes.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    /// <summary>Rows of <c>push_subscriptions</c>; 0 when there is no such table; null when the database does not say so in time, whatever the cause. Only a cancelled <paramref name="ct"/> is thrown.</summary>
    /// <param name="namespace">Namespace of the instance, for host names without a dot.</param>
    /// <param name="databaseUrl">The <c>DATABASE_URL</c> that its application gets.</param>
    /// <param name="ct">Cancellation.</param>
    ValueTask<long?> CountAsync(string @namespace, string databaseUrl, CancellationToken ct);
}
