using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>What a program finds in its environment.</summary>
public sealed class PodEnvironmentTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Variables_come_from_the_image_then_from_whole_objects_then_one_by_one()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        await CreateSecretAsync(ns, "keys", ("TOKEN", "t-1"), ("REPLACED", "by the secret"), ("0-starts-with-a-digit", "x"));
        await CreateMapAsync(ns, "settings", ("COLOR", "blue"));
        var pod = await NodePod.CreateAsync(fixture, ns, "environment", """
            restartPolicy: Never
            containers:
            - name: main
              image: tools:1
              command: [sh, -c, "env; echo 'argument=$(GREETING) $$(GREETING) $(UNKNOWN)'"]
              envFrom:
              - secretRef: {name: keys}
              - prefix: P_
                configMapRef: {name: settings}
              - configMapRef: {name: absent, optional: true}
              env:
              - {name: GREETING, value: "hello $(TOKEN) in $(P_COLOR), $(IMAGE_VARIABLE) $$(TOKEN)"}
              - {name: LATER, value: "$(GREETING)!"}
              - {name: ONE, valueFrom: {configMapKeyRef: {name: settings, key: COLOR}}}
              - {name: NONE, valueFrom: {secretKeyRef: {name: keys, key: absent, optional: true}}}
              - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
              - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['kind']"}}}
              - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
              - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
              - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}
              resources: {limits: {cpu: 250m}}
            """);

        var lines = await pod.OutputAsync();
        var status = (await pod.ReadAsync()).Status;

        lines.ShouldContain("IMAGE_VARIABLE=of the image");
        lines.ShouldContain("REPLACED=by the secret");
        lines.ShouldContain("TOKEN=t-1");
        lines.ShouldContain("P_COLOR=blue");
        lines.ShouldContain("GREETING=hello t-1 in blue, $(IMAGE_VARIABLE) $(TOKEN)");
        lines.ShouldContain("LATER=hello t-1 in blue, $(IMAGE_VARIABLE) $(TOKEN)!");
        lines.ShouldContain("ONE=blue");
        lines.ShouldNotContain(line => line.StartsWith("NONE=", StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.StartsWith("0-", StringComparison.Ordinal), "not a name of a variable");
        lines.ShouldContain("POD=environment");
        lines.ShouldContain("HOSTNAME=environment");
        lines.ShouldContain("LABEL=test");
        lines.ShouldContain($"IP={status.PodIP}");
        lines.ShouldContain($"NODE={fixture.Cluster.Node.Name}");
        lines.ShouldContain("CPU=250");
        lines.ShouldContain("argument=hello t-1 in blue, $(IMAGE_VARIABLE) $(TOKEN) $(GREETING) $(UNKNOWN)");
        lines.ShouldNotContain(line => line.StartsWith("DOTNET_", StringComparison.Ordinal), "nothing of the node's own environment");
    }

    [Fact]
    public async Task A_container_waits_for_a_missing_secret_and_then_for_its_key()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "waits", """
            restartPolicy: Never
            containers:
            - name: main
              image: tools:1
              args: [-c, "echo $VALUE"]
              env: [{name: VALUE, valueFrom: {secretKeyRef: {name: late, key: value}}}]
            """);

        NodePod.Container(await pod.UntilWaitingAsync("CreateContainerConfigError"))!.State.Waiting.Message.ShouldBe("secret \"late\" not found");
        await CreateSecretAsync(ns, "late", ("other", "x"));
        await pod.UntilAsync(
            current => NodePod.Container(current)!.State.Waiting?.Message == $"couldn't find key value in Secret {ns.Name}/late", "the missing key's name");
        await fixture.Client.CoreV1.PatchNamespacedSecretAsync(
            new V1Patch(new V1Secret { StringData = new Dictionary<string, string> { ["value"] = "here" } }, V1Patch.PatchType.MergePatch), "late", ns.Name, cancellationToken: Cancellation);

        (await pod.OutputAsync()).ShouldBe(["here"]);
    }

    [Fact]
    public async Task An_image_runs_its_own_command_unless_the_container_has_one()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var own = await NodePod.CreateAsync(fixture, ns, "own", """
            restartPolicy: Never
            containers: [{name: main, image: tools:1}]
            """);
        var arguments = await NodePod.CreateAsync(fixture, ns, "arguments", """
            restartPolicy: Never
            containers: [{name: main, image: tools:1, args: [-c, "echo arguments"]}]
            """);

        (await own.OutputAsync()).ShouldBe(["the image's own command"]);
        (await arguments.OutputAsync()).ShouldBe(["arguments"]);
    }

    [Fact]
    public async Task A_pod_reaches_the_api_server_as_its_service_account()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "caller", """
            restartPolicy: Never
            containers:
            - name: main
              image: tools:1
              command: [python3, -c]
              args:
              - |
                import json, os, ssl, urllib.request, urllib.error
                folder = '/var/run/secrets/kubernetes.io/serviceaccount/'
                base = 'https://' + os.environ['KUBERNETES_SERVICE_HOST'] + ':' + os.environ['KUBERNETES_SERVICE_PORT']
                headers = {'Authorization': 'Bearer ' + open(folder + 'token').read()}
                try:
                    urllib.request.urlopen(urllib.request.Request(base + '/api/v1/nodes', headers=headers), context=ssl.create_default_context(cafile=folder + 'ca.crt'))
                except urllib.error.HTTPError as error:
                    print(error.code, json.load(error)['message'])
            """);

        (await pod.OutputAsync()).ShouldHaveSingleItem().ShouldStartWith($"403 nodes is forbidden: User \"system:serviceaccount:{ns.Name}:default\" cannot list");
    }

    private Task<V1Secret> CreateSecretAsync(TestNamespace ns, string name, params (string Key, string Value)[] data) => fixture.Client.CoreV1.CreateNamespacedSecretAsync(
        new V1Secret { Metadata = new V1ObjectMeta { Name = name }, StringData = data.ToDictionary(entry => entry.Key, entry => entry.Value) },
        ns.Name,
        cancellationToken: Cancellation);

    private Task<V1ConfigMap> CreateMapAsync(TestNamespace ns, string name, params (string Key, string Value)[] data) => fixture.Client.CoreV1.CreateNamespacedConfigMapAsync(
        new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name }, Data = data.ToDictionary(entry => entry.Key, entry => entry.Value) }, ns.Name, cancellationToken: Cancellation);
}
