using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>The finalizer that holds a backup until its files are gone, as merge patches that repeat the others' entries. Pure.</summary>
internal static class BackupFinalizer
{
    /// <summary>Whether it is on the object.</summary>
    public static bool IsOn(ClusterObject backup) => Of(backup).Contains(WireNames.BackupFinalizer);

    /// <summary>With it.</summary>
    public static ReadOnlyMemory<byte> Add(ClusterObject backup) => Patch([.. Of(backup).Where(name => name != WireNames.BackupFinalizer), WireNames.BackupFinalizer]);

    /// <summary>Without it.</summary>
    public static ReadOnlyMemory<byte> Remove(ClusterObject backup) => Patch([.. Of(backup).Where(name => name != WireNames.BackupFinalizer)]);

    private static string[] Of(ClusterObject backup) =>
        JsonNode.Parse(backup.Json.Span)?["metadata"]?["finalizers"] is JsonArray names ? [.. names.Select(name => (string?)name).OfType<string>()] : [];

    private static byte[] Patch(IEnumerable<string> names) => Encoding.UTF8.GetBytes(
        new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray([.. names.Select(name => (JsonNode?)JsonValue.Create(name))]) } }.ToJsonString());
}
