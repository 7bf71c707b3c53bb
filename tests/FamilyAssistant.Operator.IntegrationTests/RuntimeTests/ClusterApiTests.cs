using System.Text;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.RuntimeTests;

public sealed class ClusterApiTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_apply_reverts_its_own_fields_and_keeps_everybody_elses()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);
        var first = await parts.Api.ApplyAsync(Texts.ConfigMap(ns.Name, "a", ("ours", "1")), force: true, Cancellation);
        await KubectlAsync("-n", ns.Name, "patch", "configmap", "a", "-p", """{"metadata":{"labels":{"by":"kubectl"}},"data":{"ours":"changed","theirs":"2"}}""");

        var second = await parts.Api.ApplyAsync(Texts.ConfigMap(ns.Name, "a", ("ours", "1")), force: true, Cancellation);
        var third = await parts.Api.ApplyAsync(Texts.ConfigMap(ns.Name, "a", ("ours", "1")), force: true, Cancellation);

        (first.Created, second.Created, second.OthersWrote).ShouldBe((true, false, true));
        (Texts.Datum(second.Object, "ours"), Texts.Datum(second.Object, "theirs")).ShouldBe(("1", "2"));
        second.Object.Labels["by"].ShouldBe("kubectl");
        third.Object.ResourceVersion.ShouldBe(second.Object.ResourceVersion, "the same apply twice writes nothing");
    }

    [Fact]
    public async Task An_owner_reference_of_ours_gives_way_to_the_next_one()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);
        // Both are there, so that garbage collection has no say.
        var earlier = (await parts.Api.ApplyAsync(Texts.ConfigMap(ns.Name, "earlier", ("n", "1")), force: true, Cancellation)).Object;
        var later = (await parts.Api.ApplyAsync(Texts.ConfigMap(ns.Name, "later", ("n", "1")), force: true, Cancellation)).Object;

        (await parts.Api.ApplyAsync(Texts.OwnedConfigMap(ns.Name, "a", earlier), force: true, Cancellation)).Object.ControllerUid.ShouldBe(earlier.Uid);
        var written = (await parts.Api.ApplyAsync(Texts.OwnedConfigMap(ns.Name, "a", later), force: true, Cancellation)).Object;

        Encoding.UTF8.GetString(written.Json.Span).ShouldNotContain(earlier.Uid);
        written.ControllerUid.ShouldBe(later.Uid);
    }

    [Fact]
    public async Task An_object_is_known_as_it_was_before_a_write()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);
        var first = await parts.Api.ApplyAsync(Texts.ConfigMap(ns.Name, "a", ("n", "1")), force: true, Cancellation);
        var second = await parts.Api.ApplyAsync(Texts.ConfigMap(ns.Name, "a", ("n", "2")), force: true, Cancellation);
        await parts.Api.ApplyAsync(Texts.ConfigMap(ns.Name, "b", ("n", "1")), force: true, Cancellation);

        (await parts.Api.GetBeforeAsync(first.Object, Cancellation)).ShouldBeNull();
        var before = await parts.Api.GetBeforeAsync(second.Object, Cancellation);
        (before!.Uid, before.ResourceVersion, Texts.Datum(before, "n")).ShouldBe((first.Object.Uid, first.Object.ResourceVersion, "1"));
    }

    [Fact]
    public async Task An_apply_without_force_leaves_a_strangers_value_alone()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);
        await KubectlAsync("-n", ns.Name, "create", "configmap", "a", "--from-literal=ours=theirs");

        var refused = await Should.ThrowAsync<ClusterApiException>(parts.Api.ApplyAsync(Texts.ConfigMap(ns.Name, "a", ("ours", "1")), force: false, Cancellation));

        refused.Class.ShouldBe(ErrorClass.Conflict);
        Texts.Datum(await parts.Api.GetAsync(ResourceTypes.ConfigMap, new ObjectKey(ns.Name, "a"), Cancellation), "ours").ShouldBe("theirs");
    }

    [Fact]
    public async Task A_create_happens_once()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => parts.Api.CreateAsync(Texts.ConfigMap(ns.Name, "once", ("n", $"{n}")), Cancellation)));

        answers.Count(answer => answer is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_delete_and_a_patch_of_an_earlier_incarnation_do_not_touch_its_successor()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);
        var earlier = await parts.Api.CreateAsync(Texts.ConfigMap(ns.Name, "a", ("n", "1")), Cancellation);
        (await parts.Api.DeleteAsync(earlier!, Cancellation)).ShouldBeTrue();
        (await parts.Api.DeleteAsync(earlier!, Cancellation)).ShouldBeFalse("it is gone");
        var successor = await parts.Api.CreateAsync(Texts.ConfigMap(ns.Name, "a", ("n", "2")), Cancellation);

        (await parts.Api.DeleteAsync(earlier!, Cancellation)).ShouldBeFalse();
        (await parts.Api.MergePatchAsync(earlier!, Texts.Bytes("""{"data":{"n":"3"}}"""), Cancellation)).ShouldBeNull();

        var now = await parts.Api.GetAsync(ResourceTypes.ConfigMap, successor!.Key, Cancellation);
        now!.Uid.ShouldBe(successor.Uid);
        Texts.Datum(now, "n").ShouldBe("2");
    }

    [Fact]
    public async Task A_patch_over_a_version_that_is_not_the_newest_is_refused()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);
        var seen = await parts.Api.CreateAsync(Texts.ConfigMap(ns.Name, "a", ("n", "1")), Cancellation);

        (await parts.Api.MergePatchAsync(seen!, Texts.Bytes("""{"data":{"n":"2"}}"""), Cancellation)).ShouldNotBeNull();
        (await parts.Api.MergePatchAsync(seen!, Texts.Bytes("""{"data":{"n":"3"}}"""), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task An_invalid_object_is_invalid_and_a_forbidden_one_terminal_and_a_missing_kind_an_error()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);
        using var stranger = new RuntimeParts(await fixture.Cluster.CreateUserKubeconfigAsync($"stranger-{ns.Name}"));
        var bad = new Manifest(ResourceTypes.ConfigMap, new ObjectKey(ns.Name, "a"), Texts.Bytes("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"not a key":"1"}}"""));
        var unknown = new ResourceType("nobody.example.com", "v1", "things", "Thing");

        (await Should.ThrowAsync<ClusterApiException>(parts.Api.ApplyAsync(bad, force: true, Cancellation))).Class.ShouldBe(ErrorClass.Invalid);
        (await Should.ThrowAsync<ClusterApiException>(stranger.Api.GetAsync(ResourceTypes.Secret, new ObjectKey(ns.Name, "a"), Cancellation))).Class.ShouldBe(ErrorClass.Terminal);
        (await Should.ThrowAsync<ClusterApiException>(parts.Api.GetAsync(unknown, new ObjectKey(ns.Name, "a"), Cancellation))).Class.ShouldBe(ErrorClass.Terminal);
        (await parts.Api.GetAsync(ResourceTypes.ConfigMap, new ObjectKey(ns.Name, "none"), Cancellation)).ShouldBeNull();
    }

    private async Task KubectlAsync(params string[] arguments)
    {
        var result = await fixture.Cluster.KubectlAsync(arguments);
        result.ExitCode.ShouldBe(0, result.Output);
    }
}
