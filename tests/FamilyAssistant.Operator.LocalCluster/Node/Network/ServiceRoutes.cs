using System.Collections.Immutable;
using System.Net;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Network;

/// <summary>From the addresses of Services to the pods behind them. A port with no pod behind it has no route, and a connection to it is refused.</summary>
internal static class ServiceRoutes
{
    /// <param name="services">All Services.</param>
    /// <param name="pods">All pods.</param>
    /// <param name="apiServer">Where the Service <c>default/kubernetes</c> leads.</param>
    public static ImmutableDictionary<IPEndPoint, ImmutableArray<IPEndPoint>> Of(IEnumerable<V1Service> services, IReadOnlyCollection<V1Pod> pods, IPEndPoint apiServer)
    {
        var routes = ImmutableDictionary.CreateBuilder<IPEndPoint, ImmutableArray<IPEndPoint>>();
        foreach (var service in services)
        {
            // Not "None", and nothing for names of other places.
            if (!IPAddress.TryParse(service.Spec.ClusterIP, out var address))
            {
                continue;
            }

            var behind = Endpoints.Of(service, pods).ToList();
            foreach (var port in service.Spec.Ports.Where(port => port.Protocol is null or "TCP"))
            {
                var targets = IsApiServer(service) ? [apiServer] : Targets(port, behind);
                if (!targets.IsEmpty)
                {
                    routes[new IPEndPoint(address, port.Port)] = targets;
                }
            }
        }

        return routes.ToImmutable();
    }

    private static bool IsApiServer(V1Service service) => service.Metadata is { Name: "kubernetes", NamespaceProperty: "default" };

    private static ImmutableArray<IPEndPoint> Targets(V1ServicePort port, IEnumerable<V1Pod> pods) =>
    [
        .. from pod in pods
           let target = Endpoints.TargetPort(port, pod)
           where target is not null
           select new IPEndPoint(IPAddress.Parse(pod.Status.PodIP), target.Value),
    ];
}
