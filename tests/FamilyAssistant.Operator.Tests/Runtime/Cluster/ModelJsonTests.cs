using System.Text;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.Tests.Runtime.Cluster;

/// <summary>Our own context for the client library's models must read and write as the library does.</summary>
public sealed class ModelJsonTests
{
    private const string Pod = """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"b","deletionTimestamp":"2026-02-03T04:05:06Z","deletionGracePeriodSeconds":30,"labels":{"x":"y"}},
        "spec":{"containers":[{"name":"c","image":"d","resources":{"limits":{"memory":"1Gi","cpu":"100m"}},"livenessProbe":{"httpGet":{"path":"/health","port":"http"}},"startupProbe":{"tcpSocket":{"port":8000}}}]},
        "status":{"phase":"Running","startTime":"2026-02-03T04:05:06Z","unknownToOurModels":{"a":1},"containerStatuses":[{"name":"c","ready":true,"restartCount":3,"image":"d","imageID":"e","state":{"running":{"startedAt":"2026-02-03T04:05:06Z"}}}]}}
        """;

    [Fact]
    public void A_model_is_read_as_the_client_library_reads_it()
    {
        var pod = ModelJson.Deserialise<V1Pod>(Encoding.UTF8.GetBytes(Pod));

        KubernetesJson.Serialize(pod).ShouldBe(KubernetesJson.Serialize(KubernetesJson.Deserialize<V1Pod>(Pod)));
        pod.Metadata.DeletionTimestamp.ShouldBe(new DateTime(2026, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        pod.Metadata.DeletionTimestamp!.Value.Kind.ShouldBe(DateTimeKind.Utc);
        pod.Spec.Containers[0].Resources.Limits["memory"].ToString().ShouldBe("1Gi");
        pod.Spec.Containers[0].LivenessProbe.HttpGet.Port.Value.ShouldBe("http");
        pod.Spec.Containers[0].StartupProbe.TcpSocket.Port.Value.ShouldBe("8000");
    }

    [Fact]
    public void A_model_is_written_as_the_client_library_writes_it()
    {
        var service = new V1Service
        {
            ApiVersion = "v1",
            Kind = "Service",
            Metadata = new V1ObjectMeta { Name = "ü<&+>", Annotations = new Dictionary<string, string> { ["a"] = "\"\\\n" } },
            Spec = new V1ServiceSpec { Ports = [new V1ServicePort { Port = 80, TargetPort = 8000 }, new V1ServicePort { Port = 81, TargetPort = "http" }] },
        };
        var secret = new V1Secret { StringData = new Dictionary<string, string> { ["a"] = "b" }, Data = new Dictionary<string, byte[]> { ["c"] = [0, 255] } };

        Encoding.UTF8.GetString(ModelJson.Serialise(service)).ShouldBe(KubernetesJson.Serialize(service));
        Encoding.UTF8.GetString(ModelJson.Serialise(secret)).ShouldBe(KubernetesJson.Serialize(secret));
    }

    [Fact]
    public void A_kind_that_is_not_listed_is_named() =>
        Should.Throw<NotSupportedException>(() => ModelJson.Serialise(new V1Node())).Message.ShouldContain(nameof(V1Node));
}
