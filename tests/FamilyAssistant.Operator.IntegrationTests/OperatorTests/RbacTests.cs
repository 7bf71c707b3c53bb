using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
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

    /// <summary>A request that came in before the deletion may be worked on after it.</summary>
    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_operator_was_never_refused_anything()
    {
        RequireOwnCluster();

        var all = await Bed.Cluster.Audit.ReadAsync(Bed.AuditStart, Cancellation);
        // A namespace that is being deleted refuses new objects with 403 as well, whoever asks.
        var ends = all.Where(record => record is { Verb: "delete", Resource: "namespaces" }).ToLookup(record => record.Name, record => record.RequestReceivedTimestamp);

        var refused = all.Where(record => record.User == OperatorNames.User() && record.Code == 403 && !ends[record.Namespace].Any(end => end - Hurry < record.RequestReceivedTimestamp));

        refused.Select(record => $"{record.Verb} {record.RequestUri}").Distinct().ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_verb_that_is_granted_was_used()
    {
        RequireOwnCluster();
        RequirePods();
        var missing = TestsThatRan.Missing(typeof(RbacTests));
        Assert.SkipWhen(missing.Count > 0, $"only a part of the tests ran; {missing.Count} did not, such as {string.Join(", ", missing.Take(1))}");

        await StopAsync();
        UsedRights.Add(await Bed.Cluster.Audit.ReadAsync(Bed.AuditStart, Cancellation));

        Granted().Except(UsedRights.All).Except(CheckedByAdmission).ShouldBeEmpty();
    }

    /// <summary>Ends the operator: before 1.21 the API server writes down a watch only when it ends.</summary>
    private async Task StopAsync()
    {
        if (Bed.Operator is OperatorPods pods)
        {
            (await Bed.Cluster.KubectlAsync("-n", OperatorNames.Namespace, "scale", $"deployment/{OperatorNames.Name}", "--replicas=0")).OutputOrThrow("kubectl scale");
            await Wait.ForAsync(async () => (await pods.PodsAsync()).Count == 0, "the end of the operator's pods");
        }
    }

    private static IEnumerable<string> Granted()
    {
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).IgnoreUnmatchedProperties().Build();
        string[] files = ["base/rbac.yaml", "operator/leases.yaml"];
        return files
            .SelectMany(file => File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "deploy", file)).Split("\n---\n"))
            .SelectMany(document => reader.Deserialize<Role>(document).Rules)
            .SelectMany(rule => from verb in rule.Verbs from resource in rule.Resources from @group in rule.ApiGroups select UsedRights.Name(verb, @group, resource));
    }

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
