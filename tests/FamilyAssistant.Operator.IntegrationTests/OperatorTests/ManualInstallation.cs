using System.Globalization;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using FamilyAssistant.Operator.Runtime.Cluster;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>
/// What people run before they have the operator: Deployment, Service and Secret of one name, a claim, a database elsewhere. The Service selects by a label more
/// than the operator would.
/// </summary>
internal sealed class ManualInstallation(TestBed bed, TestNamespace ns, ExternalDatabase database, long bot)
{
    /// <summary>Name of everything, and of the instance in the sample.</summary>
    public const string Name = "family-assistant";

    /// <summary>Polls on for some seconds after it was asked to stop: a successor that does not wait for its end would meet it.</summary>
    public const string Image = "ghcr.io/werdnum/family-assistant:slow-stop";

    private const string Claim = "family-assistant-files";
    private const string Labels = """{"app":"family-assistant","tier":"bot"}""";
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes its objects. Without a pod nothing runs; the Deployment is at zero.</summary>
    public async Task CreateAsync(int replicas)
    {
        await MakeAsync(ResourceTypes.Secret, Name, new JsonObject { ["stringData"] = new JsonObject { ["TELEGRAM_BOT_TOKEN"] = InstanceBuilder.TokenOf(bot), ["OPENROUTER_API_KEY"] = "sk-or-of-a-test" } });
        await MakeAsync(ResourceTypes.Secret, "family-assistant-db", new JsonObject
        {
            ["stringData"] = new JsonObject { ["username"] = database.Name, ["password"] = database.Password, ["url"] = Url },
        });
        await MakeAsync(ResourceTypes.PersistentVolumeClaim, Claim, """{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
        await MakeAsync(ResourceTypes.Service, Name, $$$"""{"spec":{"selector":{{{Labels}}},"ports":[{"port":80,"targetPort":8000}]}}""");
        await MakeAsync(ResourceTypes.Deployment, Name, Deployment(replicas));
    }

    /// <summary>Pods of the Deployment.</summary>
    public async Task<IReadOnlyList<V1Pod>> PodsAsync() => [.. (await bed.Client.CoreV1.ListNamespacedPodAsync(ns.Name, labelSelector: "tier=bot", cancellationToken: Cancellation)).Items];

    /// <summary>How many pods the Deployment shall have.</summary>
    public async Task<int?> ReplicasAsync() => (await bed.Client.AppsV1.ReadNamespacedDeploymentAsync(Name, ns.Name, cancellationToken: Cancellation)).Spec.Replicas;

    /// <summary>Sends a mail to the address of the Service; whoever answers stores it. False when nobody does.</summary>
    public async Task<bool> SendMailAsync(string subject)
    {
        var address = (await bed.Client.CoreV1.ReadNamespacedServiceAsync(Name, ns.Name, cancellationToken: Cancellation)).Spec.ClusterIP;
        try
        {
            using var mail = new FormUrlEncodedContent(new Dictionary<string, string> { ["sender"] = "a@example.com", ["subject"] = subject, ["body-plain"] = "" });
            using var answer = await Http.PostAsync(new Uri($"http://{address}/webhook/mail"), mail, Cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The sample <c>adoption.yaml</c>, for this database, and a small claim.</summary>
    public async Task<TestInstance> ApplySampleAsync()
    {
        var sample = Path.Combine(RepositoryRoot.Find(), "deploy", "samples", "adoption.yaml");
        var text = (await bed.Cluster.KubectlAsync("create", "--dry-run=client", "--validate=false", "-o", "json", "-f", sample)).OutputOrThrow("reading the sample");
        var instance = JsonNode.Parse(text)!.AsObject();
        instance["metadata"]!["namespace"] = ns.Name;
        var spec = instance["spec"]!.AsObject();
        InstanceBuilder.Set(spec, "image", Image);
        InstanceBuilder.Set(spec, "env", JsonNode.Parse("""[{"name":"STANDIN_STOP_SECONDS","value":"3"}]"""));
        InstanceBuilder.Set(spec, "database.external.host", database.Server.Host);
        InstanceBuilder.Set(spec, "database.external.port", database.Server.Port);
        InstanceBuilder.Set(spec, "database.external.name", database.Name);
        await bed.Objects.CreateAsync(TestInstance.Type, ns.Name, instance);
        return new TestInstance(bed, ns.Name, Name);
    }

    private string Url => string.Create(
        CultureInfo.InvariantCulture,
        $"postgresql+asyncpg://{database.Name}:{Uri.EscapeDataString(database.Password)}@{database.Server.Host}:{database.Server.Port}/{database.Name}");

    private static string Deployment(int replicas) => $$$"""
        {
          "spec": {
            "replicas": {{{replicas}}},
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": {{{Labels}}} },
            "template": {
              "metadata": {"labels": {{{Labels}}} },
              "spec": {
                "securityContext": {"runAsUser": 1001, "runAsGroup": 1001, "fsGroup": 1001},
                "containers": [{
                  "name": "family-assistant",
                  "image": "{{{Image}}}",
                  "envFrom": [{"secretRef": {"name": "family-assistant"} }],
                  "env": [
                    {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "family-assistant-db", "key": "url"} } },
                    {"name": "ALLOWED_USER_IDS", "value": "123456789"},
                    {"name": "STANDIN_STOP_SECONDS", "value": "3"}
                  ],
                  "ports": [{"containerPort": 8000}],
                  "readinessProbe": {"httpGet": {"path": "/health", "port": 8000}, "periodSeconds": 1},
                  "volumeMounts": [{"name": "files", "mountPath": "/mnt/data"}]
                }],
                "volumes": [{"name": "files", "persistentVolumeClaim": {"claimName": "{{{Claim}}}"} }]
              }
            }
          }
        }
        """;

    private Task<JsonObject> MakeAsync(ResourceType type, string name, string content) => MakeAsync(type, name, JsonNode.Parse(content)!.AsObject());

    private Task<JsonObject> MakeAsync(ResourceType type, string name, JsonObject content)
    {
        content["metadata"] = new JsonObject { ["name"] = name };
        return bed.Objects.CreateAsync(type, ns.Name, content);
    }
}
