using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>An object of the instance's own namespace.</summary>
public sealed record LocalReference
{
    /// <summary>Name of the object.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public required string Name { get; init; }
}

/// <summary>One key of a Secret or ConfigMap of the instance's own namespace.</summary>
public sealed record KeyReference
{
    /// <summary>Name of the Secret or ConfigMap.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public required string Name { get; init; }

    /// <summary>Key in it.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.DataKey)]
    public required string Key { get; init; }

    /// <summary>Whether the pod may start without it. Default false.</summary>
    public bool? Optional { get; init; }
}

/// <summary>User name and password of a database role, in a Secret of the instance's own namespace.</summary>
public sealed record CredentialsReference
{
    /// <summary>Name of the Secret.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public required string Name { get; init; }

    /// <summary>Key of the user name. Default <c>username</c>.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.DataKey, Default = "\"username\"")]
    public string UsernameKey { get; set; } = "username";

    /// <summary>Key of the password. Default <c>password</c>.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.DataKey, Default = "\"password\"")]
    public string PasswordKey { get; set; } = "password";
}
