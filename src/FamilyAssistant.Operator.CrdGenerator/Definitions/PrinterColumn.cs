using System.Text.Json.Nodes;

namespace FamilyAssistant.Operator.CrdGenerator.Definitions;

/// <summary>One column of <c>kubectl get</c>.</summary>
/// <param name="Name">Heading; kubectl writes it in capitals.</param>
/// <param name="Path">JSON path of the value.</param>
/// <param name="Description">What it shows.</param>
public sealed record PrinterColumn(string Name, string Path, string Description)
{
    /// <summary>OpenAPI type of the value. Default <c>string</c>.</summary>
    public string Type { get; init; } = "string";

    /// <summary>Only with <c>-o wide</c>.</summary>
    public bool IsWide { get; init; }

    /// <summary>Time since the object was created.</summary>
    public static PrinterColumn Age { get; } = new("Age", ".metadata.creationTimestamp", "Time since it was created.") { Type = "date" };

    internal JsonObject ToJson()
    {
        var column = new JsonObject { ["name"] = Name, ["type"] = Type, ["description"] = Description, ["jsonPath"] = Path };
        // The API server drops a priority of 0, which GitOps tools would show as a difference for ever.
        if (IsWide)
            column["priority"] = 1;
        return column;
    }
}
