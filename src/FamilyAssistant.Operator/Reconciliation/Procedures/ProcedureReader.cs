using System.Text.Json;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>What all kinds of procedures have at the same place, read without knowing the kind. Of an object that has it in another form it is absent. Pure.</summary>
internal static class ProcedureReader
{
    /// <summary>Name of the informers' index of procedures by the instance that they are about.</summary>
    public const string ByInstance = "instance";

    /// <summary>Name of its instance; null when it names none.</summary>
    public static string? InstanceOf(ClusterObject source) => Of(source).Instance;

    /// <summary>Whether it has ended.</summary>
    public static bool IsFinal(ClusterObject source) => ProcedurePhases.IsFinal(Of(source).Phase);

    /// <summary>All of it.</summary>
    public static ProcedureProgress Of(ClusterObject source)
    {
        using var document = JsonDocument.Parse(source.Json);
        var root = document.RootElement;
        return new ProcedureProgress(
            Text(root, "spec", "instanceRef", "name"),
            Text(root, "status", "phase"),
            Text(root, "status", "reason"),
            Text(root, "status", "stage"),
            Text(root, "status", "instanceUid"),
            Text(root, "status", "finishedAt"),
            DateTime.TryParse(Text(root, "metadata", "creationTimestamp"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal, out var created) ? created : DateTime.MaxValue);
    }

    private static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var member in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(member, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
    }
}

/// <summary>How far a procedure is.</summary>
/// <param name="Instance">Name of its instance.</param>
/// <param name="Phase">Its phase; null: nobody has seen it yet.</param>
/// <param name="Reason">Why it is in this phase.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="InstanceUid">UID of the instance that it was begun on; null: it has not begun.</param>
/// <param name="FinishedAt">When it ended, as text that sorts by time.</param>
/// <param name="Created">When the object was created, UTC.</param>
internal sealed record ProcedureProgress(string? Instance, string? Phase, string? Reason, string? Stage, string? InstanceUid, string? FinishedAt, DateTime Created);
