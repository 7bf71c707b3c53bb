using k8s;
using k8s.Autorest;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>A namespace of one test; it is deleted with everything in it, without waiting for that.</summary>
public sealed class TestNamespace(IKubernetes client, string name) : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await client.CoreV1.DeleteNamespaceAsync(Name);
        }
        catch (HttpOperationException)
        {
            // Deleted by the test itself, or the cluster is going away; neither is what the test is about.
        }
    }
}
