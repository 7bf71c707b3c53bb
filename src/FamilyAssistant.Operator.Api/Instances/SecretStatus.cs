using System.Text.Json.Serialization;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>One key that the application gets, or would get, from a Secret. Never its value, nor anything computed from it.</summary>
/// <remarks>An item of a list: a merge patch replaces the list as a whole, so what is absent is left out instead of being written as null.</remarks>
public sealed record SecretStatus
{
    /// <summary>Name of the key, which is the name of the environment variable.</summary>
    [Schema(MinLength = 1, MaxLength = 253)]
    public required string Name { get; init; }

    /// <summary>Where the application gets it from: a Secret, or <c>spec.env</c>; for a key that is not there, where it would belong.</summary>
    [Schema(MaxLength = 640)]
    public required string Source { get; init; }

    /// <summary>Whether it is there.</summary>
    public bool Present { get; init; }

    /// <summary>Whether the value has the form that the application expects, as far as that is known; absent while the key is not there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Valid { get; init; }

    /// <summary>What happens when the value changes.</summary>
    public ChangeConsequence Consequence { get; init; }

    /// <summary>What is wrong or worth knowing, as a short sentence; absent when there is nothing to say.</summary>
    [Schema(MaxLength = 512)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}

/// <summary>What the change of a key does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChangeConsequence>))]
public enum ChangeConsequence
{
    /// <summary>The pod is replaced once.</summary>
    Rollout,

    /// <summary>The application is stopped, every pod is waited for, the bot is claimed, and it starts again.</summary>
    StopStart,

    /// <summary>The pod is replaced once, and everybody has to subscribe to push notifications again.</summary>
    SubscriptionsEnd,

    /// <summary>The pod is replaced once, and everybody has to log in to the web interface again.</summary>
    SessionsEnd,

    /// <summary>Nothing: the application does not get this key.</summary>
    None,
}
