namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Pieces of CEL that several rules share.</summary>
internal static class Cel
{
    /// <summary>A list of string literals.</summary>
    public static string List(IEnumerable<string> values) => "[" + string.Join(", ", values.Select(v => $"'{v}'")) + "]";

    /// <summary>An optional field that stays as it was, present or not.</summary>
    public static string Unchanged(string field) =>
        $"has(self.{field}) == has(oldSelf.{field}) && (!has(self.{field}) || self.{field} == oldSelf.{field})";

    /// <summary>A quantity that does not become smaller.</summary>
    public static string NotSmaller(string field) =>
        $"!has(self.{field}) || !has(oldSelf.{field}) || quantity(self.{field}).compareTo(quantity(oldSelf.{field})) >= 0";
}
