using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using Shouldly;
using Xunit;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Runs after everything that runs beside each other: what it says is about the whole run.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AfterTheOthers
{
    public const string Name = "after the others";
}

/// <summary>The operator's rights are exactly what it uses, by the API server's own record of the whole run.</summary>
[Collection(AfterTheOthers.Name)]
public sealed class RbacTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    /// <summary>Asked for by an admission plugin and not by a request, where the plugin is on: OwnerReferencesPermissionEnforcement.</summary>
    private static readonly string[] CheckedByAdmission = ["update family-assistant.io/familyassistantinstances/finalizers"];

    [Fact]
    public async Task The_operator_was_never_refused_anything()
    {
        RequireOwnCluster();

        var all = await Bed.Cluster.Audit.ReadAsync(Bed.AuditStart, Cancellation);
        // A namespace that is being deleted refuses new objects with 403 as well, whoever asks.
        var ends = all.Where(record => record is { Verb: "delete", Resource: "namespaces" }).ToLookup(record => record.Name, record => record.RequestReceivedTimestamp);

        var refused = all.Where(record => record.User == OperatorNames.User() && record.Code == 403 && !ends[record.Namespace].Any(end => end < record.RequestReceivedTimestamp));

        refused.Select(record => $"{record.Verb} {record.RequestUri}").Distinct().ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_verb_that_is_granted_was_used()
    {
        RequireOwnCluster();
        RequirePods();
        var missing = TestsThatRan.Missing(typeof(RbacTests));
        Assert.SkipWhen(missing.Count > 0, $"only a part of the tests ran; {missing.Count} did not, such as {string.Join(", ", missing.Take(1))}");

        var used = (await Bed.RequestsAsync(Bed.AuditStart)).SelectMany(Rights).ToHashSet(StringComparer.Ordinal);

        Granted().Except(used).Except(CheckedByAdmission).ShouldBeEmpty();
    }

    /// <summary>The rights that a request needed. An apply that makes the object needs both patch and create; of a stream of a watch the list came before.</summary>
    private static IEnumerable<string> Rights(AuditRecord record)
    {
        var resource = Resource(record.Group, record.Resource, record.Subresource);
        return record is { Verb: "patch", Code: 201 } ? [$"patch {resource}", $"create {resource}"] : [$"{record.Verb} {resource}"];
    }

    private static IEnumerable<string> Granted()
    {
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).IgnoreUnmatchedProperties().Build();
        string[] files = ["base/rbac.yaml", "operator/leader-election.yaml"];
        return files
            .SelectMany(file => File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "deploy", file)).Split("\n---\n"))
            .SelectMany(document => reader.Deserialize<Role>(document).Rules)
            .SelectMany(rule => from verb in rule.Verbs from resource in rule.Resources from @group in rule.ApiGroups select $"{verb} {Resource(@group, resource, "")}");
    }

    private static string Resource(string group, string resource, string subresource) =>
        $"{(group.Length == 0 ? "" : group + "/")}{resource}{(subresource.Length == 0 ? "" : "/" + subresource)}";

    private sealed class Role
    {
        public List<Rule> Rules { get; set; } = [];
    }

    private sealed class Rule
    {
        public List<string> ApiGroups { get; set; } = [];

        public List<string> Resources { get; set; } = [];

        public List<string> Verbs { get; set; } = [];
    }
}
