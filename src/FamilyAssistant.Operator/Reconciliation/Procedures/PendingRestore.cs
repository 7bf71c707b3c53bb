using System.Text.Json;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>A restore that is going to put data into an instance that has never run: whoever applies both at once wants the data first. Pure.</summary>
internal static class PendingRestore
{
    /// <summary>Why the application does not start yet; the end of "Stopped for a while: …". Null: it may.</summary>
    /// <param name="restores">Restores of the instance's namespace.</param>
    /// <param name="instance">Name of the instance.</param>
    public static string? Of(IEnumerable<ClusterObject> restores, string instance) => restores
        .Where(restore => !restore.IsTerminating && !ProcedureReader.IsFinal(restore) && ProcedureReader.InstanceOf(restore) == instance && !IsDryRun(restore))
        .Select(restore => restore.Key.Name)
        .Order(StringComparer.Ordinal)
        .Select(name => $"restore {name} puts a backup set into it first")
        .FirstOrDefault();

    private static bool IsDryRun(ClusterObject restore)
    {
        using var document = JsonDocument.Parse(restore.Json);
        return document.RootElement.TryGetProperty("spec", out var spec) && spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty("dryRun", out var dryRun) && dryRun.ValueKind == JsonValueKind.True;
    }
}
