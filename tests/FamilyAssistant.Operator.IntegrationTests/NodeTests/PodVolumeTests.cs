using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>What a program finds in its file system.</summary>
public sealed class PodVolumeTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ICoreV1Operations Core => fixture.Client.CoreV1;

    [Fact]
    public async Task Objects_and_fields_of_the_pod_become_files()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        await CreateMapAsync(ns, "settings", "first");
        await Core.CreateNamespacedSecretAsync(
            new V1Secret { Metadata = new V1ObjectMeta { Name = "keys" }, StringData = new Dictionary<string, string> { ["key"] = "secret" } }, ns.Name, cancellationToken: Cancellation);
        var pod = await NodePod.CreateAsync(fixture, ns, "files", """
            restartPolicy: Never
            containers:
            - name: main
              image: tools:1
              command: [sh, -c]
              args:
              - |
                cat /settings/file; stat -L -c '%a' /settings/file; cat /keys/renamed /fields/labels /all/name /all/key; cat /app/from-image /app/config/file
                ls /keys; touch /keys/x 2>/dev/null || echo read-only; ls /optional | wc -l; echo data > /data/part/file; cat /again/file
              volumeMounts:
              - {name: settings, mountPath: /settings}
              - {name: settings, mountPath: /app/config/file, subPath: file}
              - {name: keys, mountPath: /keys}
              - {name: fields, mountPath: /fields}
              - {name: all, mountPath: /all}
              - {name: optional, mountPath: /optional}
              - {name: data, mountPath: /data}
              - {name: data, mountPath: /data/part, subPath: sub}
              - {name: data, mountPath: /again, subPath: sub, readOnly: true}
            volumes:
            - {name: settings, configMap: {name: settings, defaultMode: 0640}}
            - {name: keys, secret: {secretName: keys, items: [{key: key, path: renamed}]}}
            - {name: fields, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
            - name: all
              projected:
                sources:
                - downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}
                - secret: {name: keys}
            - {name: optional, configMap: {name: absent, optional: true}}
            - {name: data, emptyDir: {}}
            """);

        string.Join('\n', await pod.OutputAsync()).ShouldBe("first640\nsecretapp=\"files\"\nkind=\"test\"filessecretfrom the image\nfirstrenamed\nread-only\n0\ndata");
    }

    [Fact]
    public async Task A_changed_ConfigMap_reaches_a_mounted_folder_but_not_a_mounted_part()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        await CreateMapAsync(ns, "settings", "first");
        var pod = await NodePod.CreateAsync(fixture, ns, "follows", """
            restartPolicy: Never
            containers:
            - name: main
              image: tools:1
              args: [-c, "echo started; until grep -q second /settings/file; do sleep 0.1; done; cat /part"]
              volumeMounts:
              - {name: settings, mountPath: /settings}
              - {name: settings, mountPath: /part, subPath: file}
            volumes: [{name: settings, configMap: {name: settings}}]
            """);
        await pod.UntilLoggedAsync("started");

        await Core.PatchNamespacedConfigMapAsync(
            new V1Patch(new V1ConfigMap { Data = new Dictionary<string, string> { ["file"] = "second" } }, V1Patch.PatchType.MergePatch), "settings", ns.Name, cancellationToken: Cancellation);

        (await pod.OutputAsync()).ShouldBe(["started", "first"]);
    }

    [Fact]
    public async Task A_pod_waits_for_the_object_of_a_volume_and_says_so_in_an_event()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "waits", """
            restartPolicy: Never
            containers: [{name: main, image: tools:1, args: [-c, "cat /settings/file"], volumeMounts: [{name: settings, mountPath: /settings}]}]
            volumes: [{name: settings, configMap: {name: settings}}]
            """);

        await pod.UntilEventAsync("FailedMount", "MountVolume.SetUp failed for volume \"settings\" : configmap \"settings\" not found");
        NodePod.Container(await pod.ReadAsync())!.State.Waiting.Reason.ShouldBe("ContainerCreating");
        await CreateMapAsync(ns, "settings", "here");

        (await pod.OutputAsync()).ShouldBe(["here"]);
    }

    [Fact]
    public async Task A_claim_keeps_its_data_between_pods_and_belongs_to_the_pods_group()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        await Core.CreateNamespacedPersistentVolumeClaimAsync(TestClaim.New("data"), ns.Name, cancellationToken: Cancellation);
        Task<NodePod> Run(string name, string script) => NodePod.CreateAsync(fixture, ns, name, $$$"""
            restartPolicy: Never
            securityContext: {runAsUser: 1001, runAsGroup: 1002, fsGroup: 1003, runAsNonRoot: true}
            containers:
            - {name: main, image: tools:1, args: [-c, "{{{script}}}"], volumeMounts: [{name: data, mountPath: /mnt/data}, {name: scratch, mountPath: /scratch}]}
            volumes: [{name: data, persistentVolumeClaim: {claimName: data}}, {name: scratch, emptyDir: {medium: Memory}}]
            """);

        await (await Run("writer", "echo kept > /mnt/data/file && touch /scratch/file")).OutputAsync();
        var lines = await (await Run("reader", "cat /mnt/data/file; stat -c '%u %g' /mnt/data/file; id -u; id -g; id -G")).OutputAsync();

        lines[0].ShouldBe("kept");
        if (Environment.IsPrivilegedProcess)
        {
            lines.Skip(1).ShouldBe(["1001 1003", "1001", "1002", "1002 1003"]);
        }
    }

    [Fact]
    public async Task A_projected_token_is_for_the_audience_that_was_asked_for_and_bound_to_the_pod()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "token", """
            restartPolicy: Never
            containers: [{name: main, image: tools:1, args: [-c, "cat /tokens/vault"], volumeMounts: [{name: tokens, mountPath: /tokens}]}]
            volumes: [{name: tokens, projected: {sources: [{serviceAccountToken: {path: vault, audience: vault, expirationSeconds: 700}}]}}]
            """);

        var claims = Claims((await pod.OutputAsync()).ShouldHaveSingleItem());

        claims["aud"]![0]!.GetValue<string>().ShouldBe("vault");
        claims["sub"]!.GetValue<string>().ShouldBe($"system:serviceaccount:{ns.Name}:default");
        claims["kubernetes.io"]!["pod"]!["name"]!.GetValue<string>().ShouldBe("token");
        (claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>()).ShouldBe(700);
    }

    [Fact]
    public async Task A_read_only_root_leaves_only_mounts_writable()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        Task<NodePod> Run(string name, bool readOnly) => NodePod.CreateAsync(fixture, ns, name, $$$"""
            restartPolicy: Never
            containers:
            - name: main
              image: tools:1
              args: [-c, "for folder in / /tmp /data /dev/shm; do touch $folder/x 2>/dev/null && echo $folder; done; true"]
              securityContext: {readOnlyRootFilesystem: {{{(readOnly ? "true" : "false")}}}}
              volumeMounts: [{name: data, mountPath: /data}]
            volumes: [{name: data, emptyDir: {}}]
            """);
        var closed = await Run("closed", readOnly: true);
        var open = await Run("open", readOnly: false);

        (await closed.OutputAsync()).ShouldBe(["/data", "/dev/shm"]);
        (await open.OutputAsync()).ShouldBe(["/", "/tmp", "/data", "/dev/shm"]);
    }

    private Task<V1ConfigMap> CreateMapAsync(TestNamespace ns, string name, string content) => Core.CreateNamespacedConfigMapAsync(
        new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name }, Data = new Dictionary<string, string> { ["file"] = content } }, ns.Name, cancellationToken: Cancellation);

    private static JsonNode Claims(string token)
    {
        var payload = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        return JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '='))))!;
    }
}
