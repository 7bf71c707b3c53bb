using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>The ways into the instance from outside the cluster.</summary>
public sealed record WebSpec
{
    /// <summary>Host name of the web interface.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.HostName)]
    public required string Host { get; init; }

    /// <summary>IngressClass. Default: the cluster's default class.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public string? IngressClassName { get; init; }

    /// <summary>Annotations of the web Ingress.</summary>
    [Schema(MaxProperties = 64, MaxLength = 4096)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>TLS of the web interface; absent: plain HTTP behind the ingress.</summary>
    public WebTlsSpec? Tls { get; init; }

    /// <summary>A second Ingress for the mail webhook on another host or class.</summary>
    public WebhooksSpec? Webhooks { get; init; }
}

/// <summary>TLS of the web interface.</summary>
public sealed record WebTlsSpec
{
    /// <summary>Secret of type <c>kubernetes.io/tls</c> that you maintain.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public required string SecretName { get; init; }
}

/// <summary>Ingress of the mail webhook.</summary>
public sealed record WebhooksSpec
{
    /// <summary>Host name that the mail provider calls.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.HostName)]
    public required string Host { get; init; }

    /// <summary>IngressClass. Default: the cluster's default class.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public string? IngressClassName { get; init; }

    /// <summary>The only path that is let through. Default <c>/webhook/mail</c>.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.HttpPath, Default = "\"/webhook/mail\"")]
    public string Path { get; set; } = "/webhook/mail";

    /// <summary>Annotations of the webhook Ingress.</summary>
    [Schema(MaxProperties = 64, MaxLength = 4096)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>NetworkPolicy of the application's pods.</summary>
public sealed record NetworkPolicySpec
{
    /// <summary>Whether the policy exists: only the application's port is reachable, and the managed database only from the application and the operator. Default true.</summary>
    [Schema(Default = "true")]
    public bool Enabled { get; set; } = true;
}
