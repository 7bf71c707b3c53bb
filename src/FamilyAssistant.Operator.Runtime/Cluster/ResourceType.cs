namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>A kind as the API server addresses it.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">Version within the group.</param>
/// <param name="Plural">Plural in the path.</param>
/// <param name="Kind">Kind in a manifest.</param>
public sealed record ResourceType(string Group, string Version, string Plural, string Kind)
{
    /// <summary><c>apiVersion</c> in a manifest.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Path of a collection (no name) or of an object, with an optional subresource; an empty namespace means all namespaces.</summary>
    public string Path(string @namespace, string? name = null, string? subresource = null)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        var path = @namespace.Length == 0 ? $"{root}/{Plural}" : $"{root}/namespaces/{@namespace}/{Plural}";
        if (name is not null)
        {
            path += "/" + Uri.EscapeDataString(name);
        }

        return subresource is null ? path : $"{path}/{subresource}";
    }
}
