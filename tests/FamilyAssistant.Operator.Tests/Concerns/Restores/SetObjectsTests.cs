using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Restores;

/// <summary>The parts come from a volume, and who can write there need not be allowed to write Secrets.</summary>
public sealed class SetObjectsTests
{
    private const string Restore = "3f2a9c1b-7d40-4a5e-9d55-0123456789ab";

    [Fact]
    public void Objects_are_made_in_the_namespace_of_the_restore_without_owners_finalizers_and_status()
    {
        var set = Read(
            """
            {"kind": "FamilyAssistantInstance", "metadata": {"name": "old", "namespace": "elsewhere", "uid": "1", "resourceVersion": "2", "finalizers": ["x"], "ownerReferences": [{"uid": "3"}], "annotations": {"a": "b", "family-assistant.io/adopt": "true", "family-assistant.io/operation": "of-another"}},
             "spec": {"image": "i:1"}, "status": {"phase": "Running"}}
            """)!;

        set.Instance!.Key.ShouldBe(new ObjectKey("home", "new"));
        var json = JsonNode.Parse(set.Instance.Json.Span)!;
        json["metadata"]!.AsObject().Select(member => member.Key).ShouldBe(["namespace", "name", "annotations"], ignoreOrder: true);
        json["metadata"]!["annotations"]!.ToJsonString().ShouldBe($$"""{"a":"b","family-assistant.io/operation":"{{Restore}}"}""");
        json["status"].ShouldBeNull();
    }

    [Fact]
    public void The_operators_own_secrets_follow_the_name_of_the_instance()
    {
        var set = Read("""{"kind": "Secret", "type": "Opaque", "metadata": {"name": "old-generated", "labels": {"family-assistant.io/instance": "old"}}, "data": {"SESSION_SECRET_KEY": "YQ=="}}""")!;

        var secret = set.Inputs.ShouldHaveSingleItem();
        secret.Key.Name.ShouldBe("new-generated");
        JsonNode.Parse(secret.Json.Span)!["metadata"]!["labels"]![WireNames.InstanceLabel]!.GetValue<string>().ShouldBe("new");
        set.Generated!["SESSION_SECRET_KEY"].ShouldBe("a"u8.ToArray());
    }

    [Theory]
    [InlineData("kubernetes.io/service-account-token")]
    [InlineData("bootstrap.kubernetes.io/token")]
    [InlineData("helm.sh/release.v1")]
    public void A_secret_with_powers_of_its_own_makes_the_whole_part_refused(string type) =>
        Read($$"""{"kind": "Secret", "type": "{{type}}", "metadata": {"name": "a", "annotations": {"kubernetes.io/service-account.name": "default"} }, "data": {} }""").ShouldBeNull();

    [Fact]
    public void What_other_software_acts_on_is_not_taken_over() =>
        JsonNode.Parse(Read("""{"kind": "Secret", "metadata": {"name": "a", "annotations": {"example.com/reflect-to": "every-namespace"}}, "data": {}}""")!.Inputs.Single().Json.Span)!["metadata"]!["annotations"].ShouldBeNull();

    [Theory]
    [InlineData("""{"kind": "Pod", "metadata": {"name": "a"}}""")]
    [InlineData("""{"kind": "ClusterRoleBinding", "metadata": {"name": "a"}}""")]
    [InlineData("""{"kind": "Secret", "metadata": {}}""")]
    [InlineData("""{"kind": "ConfigMap"}""")]
    [InlineData("""{"metadata": {"name": "a"}}""")]
    public void Anything_that_a_set_cannot_hold_is_refused(string item) => Read(item).ShouldBeNull();

    [Fact]
    public void Text_that_is_no_list_is_refused()
    {
        SetObjects.Of("no json"u8.ToArray(), null, "home", "old", "new", Restore).ShouldBeNull();
        SetObjects.Of("[]"u8.ToArray(), null, "home", "old", "new", Restore).ShouldBeNull();
        SetObjects.Of("""{"items": [1]}"""u8.ToArray(), null, "home", "old", "new", Restore).ShouldBeNull();
    }

    private static SetObjects? Read(string item) => SetObjects.Of(Encoding.UTF8.GetBytes($$"""{"items": [{{item}}]}"""), null, "home", "old", "new", Restore);
}
