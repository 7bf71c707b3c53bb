using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>Where the instance's database is.</summary>
public sealed record DatabaseSpec
{
    /// <summary>A PostgreSQL that somebody else runs.</summary>
    public ExternalDatabaseSpec? External { get; init; }

    /// <summary>One PostgreSQL run by the operator, for a small home.</summary>
    public ManagedDatabaseSpec? Managed { get; init; }
}

/// <summary>An existing PostgreSQL database with the <c>vector</c> extension present or creatable by the role.</summary>
public sealed record ExternalDatabaseSpec
{
    /// <summary>DNS name (lower case) or IPv4 address of the server; never a list, a socket directory or a connection string.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.DatabaseHost)]
    public required string Host { get; init; }

    /// <summary>TCP port. Default 5432.</summary>
    [Schema(Minimum = 1, Maximum = 65535, Default = "5432")]
    public int Port { get; set; } = 5432;

    /// <summary>Name of the database: lower-case letters, digits and underscores.</summary>
    [Schema(MinLength = 1, MaxLength = 63, Pattern = Patterns.SqlIdentifier)]
    public required string Name { get; init; }

    /// <summary>Transport security: <c>Require</c>, <c>Prefer</c> (default) or <c>Disable</c>.</summary>
    [Schema(Default = "\"Prefer\"")]
    public SslMode SslMode { get; set; } = SslMode.Prefer;

    /// <summary>Role that the application logs in with.</summary>
    public required CredentialsReference CredentialsSecretRef { get; init; }
}

/// <summary>A single PostgreSQL with pgvector, its volume and its password, run beside the application.</summary>
public sealed record ManagedDatabaseSpec
{
    /// <summary>Size of the database volume; it can grow, never shrink. Default <c>10Gi</c>.</summary>
    [Schema(MaxLength = 32, Pattern = Patterns.StorageQuantity, Default = "\"10Gi\"")]
    public string Storage { get; set; } = "10Gi";

    /// <summary>StorageClass of the database volume; cannot be changed. Default: the cluster's default class.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public string? StorageClassName { get; init; }

    /// <summary>PostgreSQL image with pgvector. Default <c>pgvector/pgvector:pg17</c>. The major version of an existing volume cannot be changed here.</summary>
    [Schema(MinLength = 1, MaxLength = 512, Pattern = Patterns.Image, Default = "\"pgvector/pgvector:pg17\"")]
    public string Image { get; set; } = "pgvector/pgvector:pg17";

    /// <summary>Resources of the PostgreSQL container.</summary>
    public ResourceSpec? Resources { get; init; }
}
