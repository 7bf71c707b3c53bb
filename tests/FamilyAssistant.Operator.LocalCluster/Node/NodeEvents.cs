using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node;

/// <summary>Events, for people: <c>kubectl describe pod</c> shows no message of a condition, but the events.</summary>
internal sealed class NodeEvents(IKubernetes client, string component, TimeProvider clock)
{
    /// <summary>Writes one event about an object. An event that is refused (its namespace is ending) is not worth a failure.</summary>
    public async Task WriteAsync<T>(T about, string type, string reason, string message, CancellationToken cancellation)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var entity = typeof(T).GetKubernetesTypeMetadata();
        var now = clock.GetUtcNow().UtcDateTime;
        var reported = new Corev1Event
        {
            Metadata = new V1ObjectMeta { Name = $"{about.Metadata.Name}.{Guid.NewGuid():N}" },
            InvolvedObject = new V1ObjectReference
            {
                ApiVersion = string.IsNullOrEmpty(entity.Group) ? entity.ApiVersion : $"{entity.Group}/{entity.ApiVersion}",
                Kind = entity.Kind,
                Name = about.Metadata.Name,
                NamespaceProperty = about.Metadata.NamespaceProperty,
                Uid = about.Metadata.Uid,
            },
            Type = type,
            Reason = reason,
            Message = message,
            Source = new V1EventSource { Component = component },
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
        };
        try
        {
            await client.CoreV1.CreateNamespacedEventAsync(reported, about.Metadata.NamespaceProperty ?? "default", cancellationToken: cancellation);
        }
        catch (HttpOperationException)
        {
        }
    }
}
