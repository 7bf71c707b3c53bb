namespace FamilyAssistant.Operator.Api.Schema;

/// <summary>Bounds of one field in the generated OpenAPI schema. What is not set does not appear, except that the generator refuses a string or a list without an upper bound.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SchemaAttribute : Attribute
{
    /// <summary>Shortest string, in characters.</summary>
    public int MinLength { get; init; } = -1;

    /// <summary>Longest string, in characters; for a list or map of strings, of each value.</summary>
    public int MaxLength { get; init; } = -1;

    /// <summary>ECMA 262 regular expression that the string (or each value of a list or map of strings) matches.</summary>
    public string? Pattern { get; init; }

    /// <summary>Least value of a number.</summary>
    public long Minimum { get; init; } = long.MinValue;

    /// <summary>Greatest value of a number.</summary>
    public long Maximum { get; init; } = long.MaxValue;

    /// <summary>Fewest items of a list.</summary>
    public int MinItems { get; init; } = -1;

    /// <summary>Most items of a list.</summary>
    public int MaxItems { get; init; } = -1;

    /// <summary>Most entries of a map.</summary>
    public int MaxProperties { get; init; } = -1;

    /// <summary>Default in JSON notation, filled in by the API server.</summary>
    public string? Default { get; init; }

    /// <summary>OpenAPI format, for example <c>date-time</c>.</summary>
    public string? Format { get; init; }

    /// <summary>Keys of a list that is a map (<c>x-kubernetes-list-type: map</c>); empty: atomic.</summary>
    public string[] ListMapKeys { get; init; } = [];

    /// <summary>A list whose items are unique scalars (<c>x-kubernetes-list-type: set</c>).</summary>
    public bool ListSet { get; init; }
}
