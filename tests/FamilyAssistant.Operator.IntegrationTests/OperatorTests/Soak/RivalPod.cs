using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>An application that nobody manages, with a token from a Secret as an instance's pod has it: what an operator that fails would start.</summary>
internal sealed class RivalPod : IAsyncDisposable
{
    private static readonly string[] StoragePaths = ["DOCUMENT_STORAGE_PATH", "ATTACHMENT_STORAGE_PATH"];
    private readonly IKubernetes _client;
    private readonly string _ns;
    private readonly string _name;

    private RivalPod(IKubernetes client, string ns, string name)
    {
        _client = client;
        _ns = ns;
        _name = name;
    }

    public static async Task<RivalPod> StartAsync(ClusterFixture fixture, TestNamespace ns, string name, long bot)
    {
        var database = $"fa_{Guid.NewGuid().ToString("N")[..12]}";
        var server = fixture.Cluster.Postgres;
        await server.CreateDatabaseAsync(database, database, "simple", true);
        var token = new V1Secret { Metadata = new V1ObjectMeta { Name = name + Sighting.FenceSuffix }, StringData = new Dictionary<string, string> { [AppContract.BotToken] = InstanceBuilder.TokenOf(bot) } };
        await fixture.Client.CoreV1.CreateNamespacedSecretAsync(token, ns.Name);
        var container = new V1Container
        {
            Name = AppContract.Container,
            Image = InstanceBuilder.Image,
            Env =
            [
                new V1EnvVar { Name = AppContract.DatabaseUrl, Value = $"postgresql+asyncpg://{database}:simple@{server.Host}:{server.Port}/{database}" },
                new V1EnvVar { Name = AppContract.BotToken, ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = token.Metadata.Name, Key = AppContract.BotToken } } },
                .. StoragePaths.Select(path => new V1EnvVar { Name = path, Value = $"/tmp/{path}" }),
            ],
        };
        var pod = new V1Pod { Metadata = new V1ObjectMeta { Name = name }, Spec = new V1PodSpec { Containers = [container] } };
        await fixture.Client.CoreV1.CreateNamespacedPodAsync(pod, ns.Name);
        return new RivalPod(fixture.Client, ns.Name, name);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _client.CoreV1.DeleteNamespacedPodAsync(_name, _ns);
}
