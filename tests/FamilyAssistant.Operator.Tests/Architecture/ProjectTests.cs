using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Architecture;

public sealed partial class ProjectTests
{
    private static IReadOnlyList<SourceFile> Projects => [.. SourceTree.All.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))];

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var listed = ProjectPath().Matches(SourceTree.Read("FamilyAssistant.Operator.sln")).Select(match => match.Groups[1].Value.Replace('\\', '/'));

        Projects.Select(project => project.Path).ShouldBe(listed, ignoreOrder: true);
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_place() => Projects
        .SelectMany(project => XDocument.Parse(project.Text).Descendants("PackageReference").Select(reference => (project, reference)))
        .Where(use => use.reference.Attribute("Version") is not null || use.reference.Attribute("VersionOverride") is not null || use.reference.Elements().Any(child => child.Name.LocalName.StartsWith("Version", StringComparison.Ordinal)))
        .Select(use => $"{use.project}: {use.reference.Attribute("Include")?.Value}")
        .ShouldBeEmpty();

    [Fact]
    public void Every_version_in_that_place_is_exact() => XDocument.Parse(SourceTree.Read("Directory.Packages.props")).Descendants("PackageVersion")
        .Select(version => version.Attribute("Version")!.Value)
        .ShouldAllBe(version => ExactVersion().IsMatch(version));

    [Fact]
    public void Only_the_crd_generator_is_excused_from_ahead_of_time_compilation() => Projects
        .Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal) && XDocument.Parse(project.Text).Descendants("IsAotCompatible").Any(element => element.Value != "true"))
        .Select(project => project.Name)
        .ShouldBe(["FamilyAssistant.Operator.CrdGenerator"]);

    [Fact]
    public void The_product_references_no_test_project() => Projects
        .Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal))
        .Where(project => XDocument.Parse(project.Text).Descendants("ProjectReference").Any(reference => reference.Attribute("Include")!.Value.Contains("tests", StringComparison.Ordinal)))
        .ShouldBeEmpty();

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex ProjectPath();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+){1,3}$")]
    private static partial Regex ExactVersion();
}
