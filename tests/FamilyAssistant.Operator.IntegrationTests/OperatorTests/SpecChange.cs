using System.Text.Json.Nodes;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>One edit of a spec, for a table of tests.</summary>
/// <param name="What">What is wrong, in words; the row's name.</param>
/// <param name="Path">The edited field, below spec.</param>
/// <param name="Json">Its new value.</param>
/// <param name="Blamed">The field that has to be named, from the object's root; or a part of the message that people get.</param>
public sealed record SpecChange(string What, string Path, string Json, string Blamed)
{
    /// <summary>The new value, anew each time: a node has one place in one tree.</summary>
    public JsonNode? Value => JsonNode.Parse(Json);
}
