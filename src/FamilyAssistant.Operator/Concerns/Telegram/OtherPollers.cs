using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>Pods of the instance's namespace that have, or may have, the same token.</summary>
internal static class OtherPollers
{
    /// <summary>
    /// Pods that are not this instance's, are not over, and are given the token of the same Secret, or belong to a manual installation of the instance's name. One that is
    /// terminating polls until it is gone.
    /// </summary>
    public static IReadOnlyList<ClusterObject> Of(IEnumerable<ClusterObject> pods, string instance, string secret) =>
        [.. pods.Where(pod => !IsOf(pod, instance) && MayPoll(pod, instance, secret)).OrderBy(pod => pod.Key.Name, StringComparer.Ordinal)];

    /// <summary>Pods that were, are or will be given the token of an instance's fence Secret: the instance's own, and whoever else refers to that Secret.</summary>
    public static IReadOnlyList<ClusterObject> OfFence(IEnumerable<ClusterObject> pods, string instance) =>
    [
        .. pods.Where(pod => IsApplication(pod, instance) || RefersTo(pod.Read<V1Pod>(), ObjectNames.TelegramSecret(instance))).OrderBy(pod => pod.Key.Name, StringComparer.Ordinal),
    ];

    /// <summary>Names for a message, each with its controller.</summary>
    public static string Names(IEnumerable<ClusterObject> pods) => string.Join(", ", pods.Take(5).Select(pod =>
        pod.Read<V1Pod>().Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) is { } owner
            ? $"{pod.Key.Name} ({owner.Kind} {owner.Name})"
            : pod.Key.Name));

    private static bool IsOf(ClusterObject pod, string instance) =>
        pod.Labels.GetValueOrDefault(WireNames.InstanceLabel) == instance && pod.Labels.GetValueOrDefault(WireNames.ManagedByLabel) == WireNames.ManagedByValue;

    private static bool IsApplication(ClusterObject pod, string instance) =>
        pod.Labels.GetValueOrDefault(WireNames.InstanceLabel) == instance && pod.Labels.GetValueOrDefault(WireNames.ComponentLabel) == Components.App;

    private static bool MayPoll(ClusterObject pod, string instance, string secret)
    {
        var model = pod.Read<V1Pod>();
        return model.Status?.Phase is not ("Succeeded" or "Failed")
            && (RefersTo(model, secret) || (pod.Labels.GetValueOrDefault(WireNames.AppLabel) == instance && MayHaveToken(model)));
    }

    /// <summary>Whether a container gets the token, or everything, of this Secret.</summary>
    private static bool RefersTo(V1Pod pod, string secret) => Containers(pod).Any(container =>
        container.EnvFrom?.Any(source => source.SecretRef?.Name == secret) == true
        || container.Env?.Any(variable => variable.ValueFrom?.SecretKeyRef is { } key && key.Name == secret && key.Key == AppContract.BotToken) == true);

    /// <summary>Whether a container may get a token from anywhere. The label of a manual installation alone does not say that it is one.</summary>
    private static bool MayHaveToken(V1Pod pod) => Containers(pod).Any(container =>
        container.EnvFrom is { Count: > 0 } || container.Env?.Any(variable => variable.Name == AppContract.BotToken) == true);

    private static IEnumerable<V1Container> Containers(V1Pod pod) => [.. pod.Spec?.InitContainers ?? [], .. pod.Spec?.Containers ?? []];
}
