using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.IntegrationTests.NodeTests;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.LocalClusterTests;

/// <summary>A Job of one pod and one attempt that runs a script of sh.</summary>
internal static class TestJob
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes it; <paramref name="field"/> is one line more of its spec.</summary>
    public static async Task CreateAsync(ClusterFixture fixture, TestNamespace ns, string name, string script, string field = "completions: 1", V1OwnerReference? owner = null)
    {
        NodePod.AddImage(fixture.Cluster);
        var job = KubernetesYaml.Deserialize<V1Job>($$"""
            metadata: {name: {{name}}}
            spec:
              backoffLimit: 0
              {{field}}
              template:
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 2
                  containers: [{name: main, image: "{{NodePod.Image}}", command: [sh, -c]}]
            """);
        job.Spec.Template.Spec.Containers[0].Args = [script];
        job.Metadata.OwnerReferences = owner is null ? null : [owner];
        await fixture.Client.BatchV1.CreateNamespacedJobAsync(job, ns.Name, cancellationToken: Cancellation);
    }

    /// <summary>Whether a condition of it is True.</summary>
    public static bool Has(V1Job job, string condition) => job.Status?.Conditions?.Any(found => found.Type == condition && found.Status == "True") == true;

    /// <summary>Waits for it to be as told.</summary>
    public static Task<V1Job> UntilAsync(ClusterFixture fixture, TestNamespace ns, string name, Func<V1Job, bool> holds) => Wait.ForAsync(
        async () => await fixture.Client.BatchV1.ReadNamespacedJobAsync(name, ns.Name, cancellationToken: Cancellation) is var job && holds(job) ? job : null, $"Job {name}", Limit);

    /// <summary>Waits until its pod runs.</summary>
    public static Task<V1Pod> UntilRunningAsync(ClusterFixture fixture, TestNamespace ns, string name) =>
        Wait.ForAsync(async () => (await PodsAsync(fixture, ns, name)).SingleOrDefault(pod => pod.Status?.Phase == "Running"), $"the pod of Job {name}", Limit);

    /// <summary>Its pods.</summary>
    public static async Task<IReadOnlyList<V1Pod>> PodsAsync(ClusterFixture fixture, TestNamespace ns, string name) =>
        [.. (await fixture.Client.CoreV1.ListNamespacedPodAsync(ns.Name, labelSelector: $"job-name={name}", cancellationToken: Cancellation)).Items];
}
