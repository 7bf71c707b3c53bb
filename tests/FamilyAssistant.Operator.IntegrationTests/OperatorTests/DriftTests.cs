using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>What belongs to an instance is put right again, whoever changed or deleted it; what belongs to others stays.</summary>
public sealed class DriftTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Fact]
    public async Task Every_object_that_somebody_edits_is_as_it_was_and_an_event_tells_it()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateStoppedAsync(ns);
        List<OwnedObject> objects = [.. OwnedObject.OfExternal];
        var before = await PicturesAsync(ns, objects);

        foreach (var (type, nameOf, edit) in objects)
        {
            await Bed.Objects.PatchAsync(type, ns.Name, nameOf(instance.Name), edit);
        }

        await AreAsBeforeAsync(instance, before);
    }

    [Fact]
    public async Task Every_object_that_somebody_deletes_is_made_anew_and_as_it_was()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateStoppedAsync(ns);
        List<OwnedObject> objects = [.. OwnedObject.OfExternal];
        var before = await PicturesAsync(ns, objects);
        var uids = await UidsAsync(ns, objects);

        foreach (var owned in objects)
        {
            await Bed.Objects.DeleteAsync(owned.Type, ns.Name, owned.NameOf(instance.Name));
        }

        await AreMadeAnewAsync(instance, before, uids);
    }

    [Fact]
    public async Task Every_object_of_the_managed_database_that_somebody_edits_is_as_it_was_and_an_event_tells_it()
    {
        RequirePods();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Managed().With("replicas", 0));
        await instance.WaitUntilReadyAsync();
        var before = await PicturesAsync(ns, OwnedObject.OfManagedDatabase);

        foreach (var (type, nameOf, edit) in OwnedObject.OfManagedDatabase)
        {
            await Bed.Objects.PatchAsync(type, ns.Name, nameOf(instance.Name), edit);
        }

        await AreAsBeforeAsync(instance, before);
        await instance.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task A_deleted_managed_database_is_made_anew_on_its_volume_and_with_its_password()
    {
        RequirePods();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Managed());
        await instance.WaitUntilReadyAsync();
        var deleted = OwnedObject.OfManagedDatabase.Where(owned => owned.Type != ResourceTypes.PersistentVolumeClaim).ToList();
        var before = await PicturesAsync(ns, deleted);
        var uids = await UidsAsync(ns, deleted);
        var revision = (await instance.ReadAsync()).Status!.Database!.Revision;

        foreach (var owned in deleted)
        {
            await Bed.Objects.DeleteAsync(owned.Type, ns.Name, owned.NameOf(instance.Name));
        }

        await AreMadeAnewAsync(instance, before, uids);
        await instance.WaitForAsync(async () => (await instance.PodsAsync(Components.Database)) is [{ Metadata.DeletionTimestamp: null, Status.ContainerStatuses: [{ Ready: true }] }], "a new pod of the database");
        (await instance.WaitUntilReadyAsync()).Status!.Database!.Revision.ShouldBe(revision, "an empty database would begin anew");
    }

    [Fact]
    public async Task Generated_keys_are_never_made_a_second_time_silently()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateStoppedAsync(ns);
        var name = ObjectNames.GeneratedSecret(instance.Name);
        var session = (await Bed.Objects.GetAsync(ResourceTypes.Secret, ns.Name, name))["data"]!["SESSION_SECRET_KEY"]!.GetValue<string>();

        await Bed.Objects.PatchAsync(ResourceTypes.Secret, ns.Name, name, """{"data":{"SESSION_SECRET_KEY":null}}""");

        var blocked = await instance.WaitForAsync(ConditionTypes.SecretsValid, "False", "GeneratedKeyMissing");
        TestInstance.Of(blocked, ConditionTypes.SecretsValid)!.Message.ShouldContain("SESSION_SECRET_KEY");
        await Bed.Objects.PatchAsync(ResourceTypes.Secret, ns.Name, name, new JsonObject { ["data"] = new JsonObject { ["SESSION_SECRET_KEY"] = session } }.ToJsonString());
        await instance.WaitForAsync(ConditionTypes.SecretsValid, "True");
    }

    [Fact]
    public async Task What_others_add_to_the_objects_survives_every_pass()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateStoppedAsync(ns);
        (await Bed.Cluster.KubectlAsync("-n", ns.Name, "set", "env", "statefulset/home", "DEBUG_BY_HAND=1")).OutputOrThrow("kubectl set env");
        (await Bed.Cluster.KubectlAsync("-n", ns.Name, "rollout", "restart", "statefulset/home")).OutputOrThrow("kubectl rollout restart");
        (await Bed.Cluster.KubectlAsync("-n", ns.Name, "annotate", "service/home", "example.com/note=mine")).OutputOrThrow("kubectl annotate");

        // A change of the spec has every object of the workload written again.
        await instance.SetAsync("timezone", "Australia/Sydney");
        await instance.WaitForAsync(ConditionTypes.WorkloadAvailable, "True", "Stopped");
        await instance.WaitForAsync(
            async () => Variables(await Bed.Objects.GetAsync(ResourceTypes.StatefulSet, ns.Name, "home")).Contains("TIMEZONE"), "the time zone in the pod template");

        var set = await Bed.Objects.GetAsync(ResourceTypes.StatefulSet, ns.Name, "home");
        Variables(set).ShouldContain("DEBUG_BY_HAND");
        set["spec"]!["template"]!["metadata"]!["annotations"]!.AsObject().ShouldContain(annotation => annotation.Key == "kubectl.kubernetes.io/restartedAt");
        (await Bed.Objects.GetAsync(ResourceTypes.Service, ns.Name, "home"))["metadata"]!["annotations"]!["example.com/note"]!.GetValue<string>().ShouldBe("mine");
    }

    [Fact]
    public async Task What_the_spec_no_longer_asks_for_is_removed()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateStoppedAsync(ns);

        await instance.SetAsync("web", null);
        await instance.SetAsync("networkPolicy.enabled", false);
        await instance.SetAsync("pod.serviceAccountName", "default");

        foreach (var (type, name) in new[] { (ResourceTypes.ServiceAccount, "home"), (ResourceTypes.Ingress, "home-web"), (ResourceTypes.Ingress, "home-webhooks"), (ResourceTypes.NetworkPolicy, "home") })
        {
            await instance.WaitForAsync(async () => await Bed.Objects.FindAsync(type, ns.Name, name) is null, $"the end of {type.Kind} {name}");
        }
    }

    [Fact]
    public async Task An_object_that_a_Ready_instance_lost_is_back_and_an_event_tells_it()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateStoppedAsync(ns);
        await instance.WaitUntilReadyAsync();

        await Bed.Objects.DeleteAsync(ResourceTypes.Service, ns.Name, "home", "Background");

        await instance.WaitForEventAsync("ObjectRestored", "Service home ");
        (await Bed.Objects.FindAsync(ResourceTypes.Service, ns.Name, "home")).ShouldNotBeNull();
    }

    /// <summary>Stopped, because only objects matter here and no pod has to run for them.</summary>
    private async Task<TestInstance> CreateStoppedAsync(TestNamespace ns)
    {
        var builder = InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed))
            .With("replicas", 0)
            .With("web", JsonNode.Parse("""{"host":"a.example.com","ingressClassName":"nginx","webhooks":{"host":"b.example.com","ingressClassName":"nginx"}}"""));
        var instance = await Bed.CreateAsync(ns, builder);
        await instance.WaitForAsync(ConditionTypes.WorkloadAvailable, "True", "Stopped");
        return instance;
    }

    private async Task<Dictionary<OwnedObject, string>> PicturesAsync(TestNamespace ns, IEnumerable<OwnedObject> objects)
    {
        var pictures = new Dictionary<OwnedObject, string>();
        foreach (var owned in objects)
        {
            pictures[owned] = SettledPicture.Of(await Bed.Objects.GetAsync(owned.Type, ns.Name, owned.NameOf("home")));
        }

        return pictures;
    }

    private async Task AreAsBeforeAsync(TestInstance instance, Dictionary<OwnedObject, string> before)
    {
        foreach (var (owned, picture) in before)
        {
            var name = owned.NameOf(instance.Name);
            await instance.WaitForAsync(async () => SettledPicture.Of(await Bed.Objects.GetAsync(owned.Type, instance.Namespace, name)) == picture, $"{owned.Label} to be as before");
            await instance.WaitForEventAsync("DriftReverted", $"{owned.Type.Kind} {name} ");
        }
    }

    private async Task AreMadeAnewAsync(TestInstance instance, Dictionary<OwnedObject, string> before, Dictionary<OwnedObject, string> uids)
    {
        foreach (var (owned, picture) in before)
        {
            await instance.WaitForAsync(
                async () => await Bed.Objects.FindAsync(owned.Type, instance.Namespace, owned.NameOf(instance.Name)) is { } found
                    && found["metadata"]!["uid"]!.GetValue<string>() != uids[owned] && SettledPicture.Of(found) == picture,
                $"{owned.Label} to be made anew");
        }
    }

    private async Task<Dictionary<OwnedObject, string>> UidsAsync(TestNamespace ns, IEnumerable<OwnedObject> objects)
    {
        var uids = new Dictionary<OwnedObject, string>();
        foreach (var owned in objects)
        {
            uids[owned] = (await Bed.Objects.GetAsync(owned.Type, ns.Name, owned.NameOf("home")))["metadata"]!["uid"]!.GetValue<string>();
        }

        return uids;
    }

    private static IEnumerable<string> Variables(JsonObject set) =>
        set["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().Select(variable => variable!["name"]!.GetValue<string>());
}
