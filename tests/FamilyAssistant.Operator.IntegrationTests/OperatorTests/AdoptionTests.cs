using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A manual installation is taken over, with its volume, its Secret and its database, and never two of them poll the bot.</summary>
public sealed class AdoptionTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string Name = "family-assistant";
    private const long Bot = 4801;

    /// <summary>Polls on for a while after it was asked to end: whoever does not wait for it meets it.</summary>
    private const string Image = "ghcr.io/werdnum/family-assistant:slow-stop";

    [Fact]
    public async Task A_manual_installation_is_stopped_waited_for_and_then_taken_over_with_its_data()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        await InstallManuallyAsync(ns, database);
        var claim = (await Bed.Objects.GetAsync(ResourceTypes.PersistentVolumeClaim, ns.Name, "family-assistant-files"))["metadata"]!["uid"]!.GetValue<string>();

        var builder = InstanceBuilder.External(database).WithoutSecret(InstanceBuilder.KeysSecret).Named(Name)
            .With("image", Image).With("secretRef.name", Name).With("storage", new JsonObject { ["existingClaim"] = "family-assistant-files" })
            .With("telegram.allowedUsers", new JsonArray(new JsonObject { ["id"] = 4711 }));
        var instance = await Bed.CreateAsync(ns, builder);
        await instance.WaitForAsync(ConditionTypes.Ready, "False", CommonReasons.NameConflict);
        (await Bed.Objects.GetAsync(ResourceTypes.Deployment, ns.Name, Name))["spec"]!["replicas"]!.GetValue<int>().ShouldBe(1, "nothing is taken over without being told to");

        await instance.AnnotateAsync(WireNames.AdoptAnnotation, "true");
        await instance.WaitUntilReadyAsync();

        (await Bed.Objects.GetAsync(ResourceTypes.Deployment, ns.Name, Name))["spec"]!["replicas"]!.GetValue<int>().ShouldBe(0);
        await instance.WaitForEventAsync("ManualInstallationStopped");
        var runs = Bed.Cluster.Node.ContainerRuns.Where(run => run.Namespace == ns.Name).ToList();
        runs.Where(run => run.Pod != $"{Name}-0").ShouldNotBeEmpty();
        runs.ShouldAllBe(run => runs.All(other => other == run || !other.Overlaps(run)));
        Bed.Cluster.Telegram.Pollers(Bot).Count.ShouldBe(2);
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == Bot);

        var pod = await instance.PodAsync();
        pod.Spec.Volumes.ShouldContain(volume => volume.PersistentVolumeClaim != null && volume.PersistentVolumeClaim.ClaimName == "family-assistant-files");
        (await Bed.Objects.GetAsync(ResourceTypes.PersistentVolumeClaim, ns.Name, "family-assistant-files"))["metadata"]!["uid"]!.GetValue<string>().ShouldBe(claim);
        (await Bed.Objects.FindAsync(ResourceTypes.PersistentVolumeClaim, ns.Name, $"{Name}-data")).ShouldBeNull();
    }

    private async Task InstallManuallyAsync(TestNamespace ns, ExternalDatabase database)
    {
        var url = $"postgresql+asyncpg://{database.Name}:{Uri.EscapeDataString(database.Password)}@{database.Server.Host}:{database.Server.Port}/{database.Name}";
        await CreateAsync(ns, ResourceTypes.Secret, Name, new JsonObject { ["stringData"] = new JsonObject { ["TELEGRAM_BOT_TOKEN"] = InstanceBuilder.TokenOf(Bot), ["OPENROUTER_API_KEY"] = "x" } });
        await CreateAsync(ns, ResourceTypes.PersistentVolumeClaim, "family-assistant-files", JsonNode.Parse("""{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""")!.AsObject());
        await CreateAsync(ns, ResourceTypes.Service, Name, JsonNode.Parse("""{"spec":{"selector":{"app":"family-assistant"},"ports":[{"name":"http","port":80,"targetPort":8000}]}}""")!.AsObject());
        var deployment = JsonNode.Parse("""
            {"spec": {"replicas": 1, "strategy": {"type": "Recreate"}, "selector": {"matchLabels": {"app": "family-assistant"}},
             "template": {"metadata": {"labels": {"app": "family-assistant"}}, "spec": {
              "containers": [{"name": "family-assistant", "envFrom": [{"secretRef": {"name": "family-assistant"}}],
               "env": [{"name": "DATABASE_URL"}, {"name": "ALLOWED_USER_IDS", "value": "4711"}],
               "ports": [{"containerPort": 8000}], "readinessProbe": {"httpGet": {"path": "/health", "port": 8000}, "periodSeconds": 1},
               "volumeMounts": [{"name": "files", "mountPath": "/mnt/data"}]}],
              "volumes": [{"name": "files", "persistentVolumeClaim": {"claimName": "family-assistant-files"}}]}}}}
            """)!.AsObject();
        var container = deployment["spec"]!["template"]!["spec"]!["containers"]![0]!;
        container["image"] = Image;
        container["env"]![0]!["value"] = url;
        await CreateAsync(ns, ResourceTypes.Deployment, Name, deployment);
        await Wait.ForAsync(
            async () => (await Bed.Objects.GetAsync(ResourceTypes.Deployment, ns.Name, Name))["status"]?["readyReplicas"]?.GetValue<int>() == 1, "the manual installation", TimeSpan.FromMinutes(3));
    }

    private Task<JsonObject> CreateAsync(TestNamespace ns, ResourceType type, string name, JsonObject content)
    {
        content["metadata"] = new JsonObject { ["name"] = name };
        return Bed.Objects.CreateAsync(type, ns.Name, content);
    }
}
