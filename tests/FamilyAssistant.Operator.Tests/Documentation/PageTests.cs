using FamilyAssistant.Operator.Tests.Api;
using FamilyAssistant.Operator.Tests.Architecture;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>What holds for every page.</summary>
public sealed class PageTests
{
    [Fact]
    public void No_relative_link_is_dead() =>
        Links().Where(link => !IsThere(link.Target, link.Anchor)).Select(link => $"{link.Page}: {link.Target}{link.Anchor}").ShouldBeEmpty();

    [Fact]
    public void Every_page_of_the_documentation_is_linked_from_another() =>
        MarkdownPage.All.Select(page => page.Path).Where(path => path.StartsWith("docs/", StringComparison.Ordinal))
            .Except(Links().Where(link => link.Page.Path != link.Target).Select(link => link.Target))
            .ShouldBeEmpty();

    [Fact]
    public void An_instance_in_an_example_keeps_every_bound_and_rule()
    {
        var faults = new List<string>();
        var checkedBlocks = 0;
        foreach (var page in MarkdownPage.All)
        {
            foreach (var (line, text) in page.Blocks("yaml"))
            {
                foreach (var instance in YamlFiles.Parse(text).Select(InstanceFaults.Completed).OfType<System.Text.Json.Nodes.JsonObject>())
                {
                    checkedBlocks++;
                    faults.AddRange(InstanceFaults.Of(instance).Select(fault => $"{page}:{line}: {fault}"));
                }
            }
        }

        faults.ShouldBeEmpty();
        checkedBlocks.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void Types_and_members_on_the_page_about_the_architecture_exist()
    {
        var product = string.Join('\n', SourceTree.Product.Select(file => file.Code).Concat(SourceTree.All.Where(file => file.IsCSharp).Select(file => file.Name)));

        new MarkdownPage("docs/architecture.md").Names.Where(name => !product.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IEnumerable<(MarkdownPage Page, string Target, string Anchor)> Links() =>
        from page in MarkdownPage.All
        from link in page.RelativeLinks
        let parts = link.Split('#')
        let folder = Path.GetDirectoryName(page.Path)!
        select (page, parts[0].Length == 0 ? page.Path : Normal(Path.Combine(folder, parts[0])), parts.Length > 1 ? "#" + parts[1] : "");

    private static string Normal(string path) => Path.GetRelativePath(SourceTree.Root, Path.GetFullPath(path, SourceTree.Root)).Replace('\\', '/');

    private static bool IsThere(string target, string anchor)
    {
        var path = Path.Combine(SourceTree.Root, target);
        return File.Exists(path)
            ? anchor.Length == 0 || new MarkdownPage(target).Anchors.Contains(anchor[1..])
            : Directory.Exists(path) && anchor.Length == 0;
    }
}
