namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>A desired object: everything that its writer owns, and nothing else.</summary>
/// <param name="Type">Kind.</param>
/// <param name="Key">Namespace and name.</param>
/// <param name="Json">UTF-8 JSON with <c>apiVersion</c>, <c>kind</c> and <c>metadata</c>, nulls omitted.</param>
public sealed record Manifest(ResourceType Type, ObjectKey Key, ReadOnlyMemory<byte> Json);
