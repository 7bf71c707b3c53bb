namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>One request to the API server, from its audit log.</summary>
public sealed record AuditRecord
{
    /// <summary>The user, for example <c>system:serviceaccount:family-assistant-operator:family-assistant-operator</c>.</summary>
    public required string User { get; init; }

    /// <summary>get, list, watch, create, update, patch, delete, deletecollection; for a path outside the API the HTTP method in lower case.</summary>
    public required string Verb { get; init; }

    /// <summary>The path with its query.</summary>
    public required string RequestUri { get; init; }

    /// <summary>API group; empty for the core group and for other paths.</summary>
    public string Group { get; init; } = "";

    /// <summary>Plural resource name; empty for a path outside the API.</summary>
    public string Resource { get; init; } = "";

    /// <summary>For example <c>status</c>; empty when there is none.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>Namespace of the object; empty for cluster-scoped ones.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Object name; empty for lists, watches and creations by <c>generateName</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>HTTP status of the answer; 0 when the request was cut.</summary>
    public int Code { get; init; }

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset RequestReceivedTimestamp { get; init; }

    /// <summary>The client's user agent.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>Whether the request changes something when it succeeds.</summary>
    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete" or "deletecollection" or "post" or "put";
}
