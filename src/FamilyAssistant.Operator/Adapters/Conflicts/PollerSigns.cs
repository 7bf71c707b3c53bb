using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Adapters.Conflicts;

/// <summary>How much a pod looks like the application: by the token that it is given, by its image, by its labels. Pure.</summary>
internal static class PollerSigns
{
    private const string Token = "TELEGRAM_BOT_TOKEN";
    private const string Application = "family-assistant";
    private const string HashLabel = "pod-template-hash";
    private static readonly string[] NameLabels = ["app", "app.kubernetes.io/name"];

    /// <summary>How sure the sign is: 3 for a container that is given a token, 2 for the image, 1 for a label; 0 when there is none, or when the pod does not run.</summary>
    public static int Of(V1Pod pod)
    {
        if (pod.Status?.Phase is not "Running")
        {
            return 0;
        }

        var containers = (pod.Spec?.Containers ?? []).Concat(pod.Spec?.InitContainers ?? []).ToList();
        return containers.Any(container => container.Env?.Any(variable => variable.Name == Token) == true) ? 3
            : containers.Any(container => RepositoryOf(container.Image ?? "") == Application) ? 2
            : NameLabels.Any(label => pod.Metadata.Labels?.TryGetValue(label, out var value) == true && value == Application) ? 1
            : 0;
    }

    /// <summary>The pod with what keeps it running. A Deployment's pods belong to a ReplicaSet whose name is the Deployment's and a hash.</summary>
    public static SuspectedPoller Describe(V1Pod pod)
    {
        var key = new ObjectKey(pod.Metadata.NamespaceProperty ?? "", pod.Metadata.Name);
        if (pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) is not { } controller)
        {
            return new SuspectedPoller(key, null, null);
        }

        return controller.Kind == "ReplicaSet" && pod.Metadata.Labels?.TryGetValue(HashLabel, out var hash) == true && controller.Name.EndsWith("-" + hash, StringComparison.Ordinal)
            ? new SuspectedPoller(key, "Deployment", controller.Name[..^(hash.Length + 1)])
            : new SuspectedPoller(key, controller.Kind, controller.Name);
    }

    /// <summary>Last part of the image's path, without registry, tag and digest.</summary>
    private static string RepositoryOf(string image)
    {
        var path = image.Split('@')[0];
        var last = path[(path.LastIndexOf('/') + 1)..];
        return last.Split(':')[0];
    }
}
