namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Pieces of CEL that several rules share.</summary>
internal static class Cel
{
    /// <summary>A list of string literals.</summary>
    public static string List(IEnumerable<string> values) => "[" + string.Join(", ", values.Select(v => $"'{v}'")) + "]";

    /// <summary>
    /// Whether a string begins with one of these. Spelled out: the API server cannot estimate the cost of a macro over a list of literals from the schema.
    /// </summary>
    public static string StartsWithAny(string subject, IEnumerable<string> prefixes) =>
        string.Join(" || ", prefixes.Select(p => $"{subject}.startsWith('{p}')"));

    /// <summary>An optional field that stays as it was, present or not.</summary>
    public static string Unchanged(string field) =>
        $"has(self.{field}) == has(oldSelf.{field}) && (!has(self.{field}) || self.{field} == oldSelf.{field})";

    /// <summary>A quantity that does not become smaller.</summary>
    public static string NotSmaller(string field) =>
        $"!has(self.{field}) || !has(oldSelf.{field}) || quantity(self.{field}).compareTo(quantity(oldSelf.{field})) >= 0";
}
