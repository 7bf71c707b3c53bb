using System.Text.Json;
using System.Text.Json.Serialization;

namespace FamilyAssistant.Operator.Reconciliation.Sets;

/// <summary>How a script ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ToolOutcome>))]
internal enum ToolOutcome
{
    /// <summary>All that was asked for is done.</summary>
    Succeeded,

    /// <summary>It ended with a reason; trying the same again does not help.</summary>
    Failed,
}

/// <summary>How a database was replaced.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ToolMode>))]
internal enum ToolMode
{
    /// <summary>A new database took the name of the old one, which is kept under another name until the cleaning up.</summary>
    Swap,

    /// <summary>The objects of the database were replaced in one transaction; nothing is kept.</summary>
    Transaction,
}

/// <summary>What <c>swap-back</c> found and left.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ToolPutBack>))]
internal enum ToolPutBack
{
    /// <summary>The restore had not changed the database.</summary>
    Untouched,

    /// <summary>The database is as it was before the restore.</summary>
    PutBack,

    /// <summary>The restore replaced the database in a transaction: the safety set has to be restored.</summary>
    NeedsSet,
}

/// <summary>What a script left in the termination message of its container: all that the operator ever learns from it. Nothing secret is in it.</summary>
internal sealed record ToolResult
{
    /// <summary>Longest result in bytes; a container's termination message ends at 4096.</summary>
    public const int MaxBytes = 4000;

    /// <summary>How it ended.</summary>
    public required ToolOutcome Outcome { get; init; }

    /// <summary>Why it failed: one of <see cref="ToolReasons"/>. Null after success.</summary>
    public string? Reason { get; init; }

    /// <summary>What is so, and what to do about it. Null after success.</summary>
    public string? Message { get; init; }

    /// <summary>The manifest of the set: <c>backup</c>, <c>inspect</c>, <c>verify</c>.</summary>
    public SetManifest? Manifest { get; init; }

    /// <summary>The test restore: <c>verify</c>, and <c>backup</c> when it was asked for one.</summary>
    public ToolVerified? Verified { get; init; }

    /// <summary>The database that a restore would go into: <c>inspect</c> with a database.</summary>
    public ToolTarget? Target { get; init; }

    /// <summary>How the database was replaced: <c>restore-database</c>.</summary>
    public ToolMode? Mode { get; init; }

    /// <summary>Rows that were counted: <c>restore-database</c> (the same as in the set, table by table), <c>compare</c>.</summary>
    public long? Rows { get; init; }

    /// <summary>Tables that were counted.</summary>
    public long? Tables { get; init; }

    /// <summary>What differs from the set: <c>compare</c>.</summary>
    public ToolComparison? Comparison { get; init; }

    /// <summary>What became of the database: <c>swap-back</c>.</summary>
    public ToolPutBack? PutBack { get; init; }

    /// <summary>Whether there was something to delete: <c>delete</c>.</summary>
    public bool? Deleted { get; init; }

    /// <summary>How long the script worked, in whole seconds.</summary>
    public long? Seconds { get; init; }

    /// <summary>
    /// The result in a termination message; null when there is none: the message is absent, longer than <see cref="MaxBytes"/>, not JSON, has members or a reason
    /// that no script writes, or is a failure without a reason. A Job without a result has lost its pod.
    /// </summary>
    public static ToolResult? Parse(string? terminationMessage)
    {
        if (string.IsNullOrWhiteSpace(terminationMessage) || terminationMessage.Length > MaxBytes || System.Text.Encoding.UTF8.GetByteCount(terminationMessage) > MaxBytes)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(terminationMessage, SetJson.Strict.ToolResult) is { } result && IsWhole(result) ? result : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsWhole(ToolResult result) =>
        result.Outcome == ToolOutcome.Succeeded || (result.Reason is { } reason && SetJson.Reasons.Contains(reason) && !string.IsNullOrWhiteSpace(result.Message));
}

/// <summary>A test restore that succeeded.</summary>
/// <param name="Rows">Rows in the restored database; the same as in the set, table by table.</param>
/// <param name="Tables">Tables in it.</param>
/// <param name="RestoreSeconds">Time of the restore alone, in whole seconds.</param>
internal sealed record ToolVerified(long Rows, long Tables, long RestoreSeconds);

/// <summary>A database as it is before a restore.</summary>
/// <param name="ServerVersion">Version of the server.</param>
/// <param name="HasData">Whether a table of a user, other than Alembic's own, has a row.</param>
internal sealed record ToolTarget(string ServerVersion, bool HasData);

/// <summary>The tables of a running instance beside those of the set that it was restored from; migrations may have changed them.</summary>
internal sealed record ToolComparison
{
    /// <summary>Rows in the set.</summary>
    public required long SetRows { get; init; }

    /// <summary>Tables in the set.</summary>
    public required long SetTables { get; init; }

    /// <summary>Tables of the set that are not in the database; their number, and the first five names.</summary>
    public required ToolNames Missing { get; init; }

    /// <summary>Tables that have rows in the set and none in the database.</summary>
    public required ToolNames Emptied { get; init; }

    /// <summary>Tables that have fewer rows than in the set, without the emptied ones.</summary>
    public required ToolNames Fewer { get; init; }
}

/// <summary>Some tables.</summary>
/// <param name="Count">How many.</param>
/// <param name="First">The first five as <c>schema.table</c>, each of at most 64 characters.</param>
internal sealed record ToolNames(long Count, IReadOnlyList<string> First);
