using System.Reflection;
using System.Xml.Linq;
using FamilyAssistant.Operator.Api;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Architecture;

/// <summary>The comments of the records are what <c>kubectl explain</c> says: an undocumented field teaches nobody.</summary>
public sealed class ApiDocumentationTests
{
    private static readonly HashSet<string> Documented = [.. XDocument
        .Load(Path.ChangeExtension(typeof(WireNames).Assembly.Location, ".xml"))
        .Descendants("member")
        .Where(member => member.Element("inheritdoc") is not null || member.Element("summary")?.Value.Trim().Length > 0)
        .Select(member => member.Attribute("name")!.Value)];

    private static IEnumerable<Type> PublicTypes => typeof(WireNames).Assembly.GetExportedTypes().Where(type => type != typeof(ApiJsonContext));

    [Fact]
    public void Every_public_type_is_documented() =>
        PublicTypes.Select(type => "T:" + NameOf(type)).Where(name => !Documented.Contains(name)).ShouldBeEmpty();

    [Fact]
    public void Every_public_property_field_and_enum_value_is_documented() => PublicTypes
        .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(member => member is PropertyInfo or FieldInfo { IsSpecialName: false } && !Positional(type).Contains(member.Name))
            .Select(member => $"{(member is PropertyInfo ? "P" : "F")}:{NameOf(type)}.{member.Name}"))
        .Where(name => !Documented.Contains(name))
        .ShouldBeEmpty();

    /// <summary>Members that come from a primary constructor are documented by its parameters.</summary>
    private static HashSet<string> Positional(Type type) => [.. type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.Name!)];

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');
}
