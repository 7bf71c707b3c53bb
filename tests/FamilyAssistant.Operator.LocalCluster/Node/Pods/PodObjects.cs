using System.Net;
using FamilyAssistant.Operator.LocalCluster.Node.Watching;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>
/// Secrets, ConfigMaps and tokens. A container that starts gets what the server has at that moment, not what a watch knew; the watches tell which pods
/// have to look again, and answer during an outage of the server.
/// </summary>
internal sealed class PodObjects(IKubernetes client, ObjectWatch<V1Secret> secrets, ObjectWatch<V1ConfigMap> maps) : IPodObjects
{
    public Task<V1Secret?> SecretAsync(string @namespace, string name, CancellationToken cancellation) =>
        ReadAsync(() => client.CoreV1.ReadNamespacedSecretAsync(name, @namespace, cancellationToken: cancellation), () => secrets.Find(@namespace, name));

    public Task<V1ConfigMap?> ConfigMapAsync(string @namespace, string name, CancellationToken cancellation) =>
        ReadAsync(() => client.CoreV1.ReadNamespacedConfigMapAsync(name, @namespace, cancellationToken: cancellation), () => maps.Find(@namespace, name));

    public async Task<V1TokenRequestStatus> TokenAsync(V1Pod pod, string? audience, long expirationSeconds, CancellationToken cancellation)
    {
        var request = new Authenticationv1TokenRequest
        {
            Spec = new V1TokenRequestSpec
            {
                Audiences = string.IsNullOrEmpty(audience) ? [] : [audience],
                ExpirationSeconds = expirationSeconds,
                BoundObjectRef = new V1BoundObjectReference { ApiVersion = "v1", Kind = "Pod", Name = pod.Metadata.Name, Uid = pod.Metadata.Uid },
            },
        };
        var answer = await client.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            request, pod.Spec.ServiceAccountName ?? "default", pod.Metadata.NamespaceProperty, cancellationToken: cancellation);
        return answer.Status;
    }

    private static async Task<T?> ReadAsync<T>(Func<Task<T>> live, Func<T?> known)
        where T : class
    {
        try
        {
            return await live();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or HttpOperationException)
        {
            return known();
        }
    }
}
