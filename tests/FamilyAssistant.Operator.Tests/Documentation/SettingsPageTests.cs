using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Options;
using FamilyAssistant.Operator.Tests.Api;
using FamilyAssistant.Operator.Tests.Architecture;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>Lists on the pages about installing and about instances that would otherwise be forgotten.</summary>
public sealed partial class SettingsPageTests
{
    private static readonly MarkdownPage Install = new("docs/install.md");

    [Fact]
    public void Every_setting_of_the_process_is_listed()
    {
        var asked = Settings();

        Install.Table("Settings").Select(row => row[0]).ShouldBe(asked, ignoreOrder: true);
    }

    [Fact]
    public void The_deployment_sets_only_what_the_process_reads_or_what_another_setting_is_made_of()
    {
        var container = YamlFiles.Read("deploy", "operator", "deployment.yaml").Single()["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var variables = container["env"]!.AsArray().ToDictionary(variable => (string)variable!["name"]!, variable => (string?)variable!["value"] ?? "");

        variables.Keys.Except(Settings()).Where(name => !variables.Values.Any(value => value.Contains($"$({name})", StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_metric_is_listed() =>
        Install.Table("Health and metrics").Select(row => row[0]).Where(name => !name.StartsWith('/'))
            .ShouldBe(SourceTree.Product.SelectMany(file => Metric().Matches(file.Text)).Select(match => match.Groups[1].Value), ignoreOrder: true);

    [Fact]
    public void Every_permission_is_listed_and_no_other()
    {
        var listed = Install.Table("Permissions").SelectMany(row => Pairs(row[0].Split(',').Select(resource => resource.Trim(' ', '`')), row[1].Split(',').Select(verb => verb.Trim())));

        listed.ShouldBe(Granted("deploy/base/rbac.yaml").Concat(Granted("deploy/operator/leases.yaml")), ignoreOrder: true);
    }

    [Fact]
    public void Images_are_those_that_are_used()
    {
        var images = Install.Table("Images and registries").Select(row => row[2]).ToArray();

        images.ShouldContain((string)YamlFiles.Read("deploy", "operator", "deployment.yaml").Single()["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!);
        images.ShouldContain(new ManagedDatabaseSpec().Image);
    }

    [Fact]
    public void Every_refused_environment_variable_is_listed() =>
        new MarkdownPage("docs/instance.md").Table("Further environment variables").Select(row => row[0]).ShouldBe(OwnedEnvironment.Ordered, ignoreOrder: true);

    private static HashSet<string> Settings()
    {
        var asked = new HashSet<string>();
        OperatorOptions.Read(name =>
        {
            asked.Add(name);
            return null;
        });
        return asked;
    }

    private static IEnumerable<string> Granted(string path) => YamlFiles.Read(path)
        .SelectMany(document => document["rules"]?.AsArray().SelectMany(rule => Pairs(Texts(rule!["resources"]), Texts(rule["verbs"]))) ?? []);

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(text => (string)text!);

    private static IEnumerable<string> Pairs(IEnumerable<string> resources, IEnumerable<string> verbs) => resources.SelectMany(resource => verbs.Select(verb => $"{resource} {verb}"));

    [GeneratedRegex(@"\b(?:CreateCounter|CreateGauge|CreateHistogram|Histo)\(\s*(?:f, )?""([a-z_]+)""")]
    private static partial Regex Metric();
}
