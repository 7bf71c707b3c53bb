using System.Net;
using FamilyAssistant.Operator.LocalCluster;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>A namespace of one test; it is deleted with everything in it, without waiting for that.</summary>
public sealed class TestNamespace : IAsyncDisposable
{
    private readonly IKubernetes _client;

    private TestNamespace(IKubernetes client, string name)
    {
        _client = client;
        Name = name;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Makes a namespace that takes pods.</summary>
    public static async Task<TestNamespace> CreateAsync(Cluster cluster, IKubernetes client, IDictionary<string, string>? labels = null)
    {
        var name = $"t-{Guid.NewGuid().ToString("N")[..10]}";
        await client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name, Labels = labels } });
        if (cluster.Capabilities.HasControllerManager)
        {
            await UntilPodsAreTakenAsync(cluster, client, name);
        }

        return new TestNamespace(client, name);
    }

    /// <summary>Pods are refused until their namespace has its ServiceAccount, and that, before 1.24, a token.</summary>
    public static Task UntilPodsAreTakenAsync(Cluster cluster, IKubernetes client, string @namespace) => Wait.ForAsync(
        async () => (await client.CoreV1.ListNamespacedServiceAccountAsync(@namespace, fieldSelector: "metadata.name=default")).Items
            .Any(account => cluster.Capabilities.ServerVersion.IsAtLeast(24) || account.Secrets is { Count: > 0 }),
        $"the ServiceAccount default of {@namespace}");

    /// <summary>Whether nothing of it is left, for a test that deletes it itself.</summary>
    public async Task<bool> IsGoneAsync()
    {
        try
        {
            await _client.CoreV1.ReadNamespaceAsync(Name);
            return false;
        }
        catch (HttpOperationException gone) when (gone.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _client.CoreV1.DeleteNamespaceAsync(Name);
        }
        catch (Exception error) when (error is HttpOperationException or HttpRequestException)
        {
            // Deleted by the test itself, or the cluster is going away; neither is what the test is about.
        }
    }
}
