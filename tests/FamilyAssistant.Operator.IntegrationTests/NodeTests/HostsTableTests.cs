using FamilyAssistant.Operator.LocalCluster.Node.Network;
using Shouldly;
using Xunit;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>Pods find by name what they would find through the DNS of a cluster.</summary>
public sealed class HostsTableTests
{
    private static readonly IReadOnlyDictionary<string, string> NoExtra = new Dictionary<string, string>();

    [Fact]
    public void A_Service_has_its_short_name_only_in_its_own_namespace()
    {
        var table = new HostsTable([Service("db", "home", "127.96.0.7")], [], NoExtra);

        table.Render("home", "127.128.0.2", ["app-0"]).ShouldBe(
            """
            127.0.0.1	localhost
            127.128.0.2	app-0
            127.96.0.7	db.home.svc.cluster.local db.home.svc db.home db

            """);
        table.Render("away", "127.128.0.2", ["app-0"]).ShouldEndWith("127.96.0.7	db.home.svc.cluster.local db.home.svc db.home\n");
    }

    [Fact]
    public void A_headless_Service_is_its_ready_pods_and_each_has_a_name()
    {
        var service = Service("db", "default", "None", selector: "db");
        V1Pod[] pods = [Pod("db-0").Ready("127.128.0.2"), Pod("db-1").Ready("127.128.0.3", ready: false)];

        var table = new HostsTable([service], pods, NoExtra);
        table.Resolve("db.default.svc.cluster.local").ShouldBe(["127.128.0.2"]);
        table.Resolve("db-0.db.default.svc.cluster.local").ShouldBe(["127.128.0.2"]);
        table.Resolve("db-1.db.default.svc.cluster.local").ShouldBeEmpty();

        service.Spec.PublishNotReadyAddresses = true;
        new HostsTable([service], pods, NoExtra).Resolve("db-1.db.default.svc.cluster.local").ShouldBe(["127.128.0.3"]);
    }

    [Fact]
    public void A_name_that_points_to_another_name_has_its_addresses()
    {
        var alias = Service("alias", "home", null);
        alias.Spec.Type = "ExternalName";
        alias.Spec.ExternalName = "db.default.svc.cluster.local";
        var elsewhere = Service("elsewhere", "home", null);
        elsewhere.Spec.Type = "ExternalName";
        elsewhere.Spec.ExternalName = "db.example.com";

        var table = new HostsTable([alias, elsewhere, Service("db", "default", "127.96.0.7")], [], NoExtra);

        table.Resolve("alias.home.svc.cluster.local").ShouldBe(["127.96.0.7"]);
        table.Resolve("elsewhere.home.svc.cluster.local").ShouldBeEmpty();
    }

    [Fact]
    public void A_name_that_was_added_is_known_everywhere_unless_a_Service_has_it()
    {
        var extra = new Dictionary<string, string> { ["storage-cluster.postgres.svc.cluster.local"] = "127.0.0.1" };

        new HostsTable([], [], extra).Render("home", "127.128.0.2", ["app-0"]).ShouldEndWith("127.0.0.1	storage-cluster.postgres.svc.cluster.local\n");
        new HostsTable([Service("storage-cluster", "postgres", "127.96.0.7")], [], extra).Resolve("storage-cluster.postgres.svc.cluster.local").ShouldBe(["127.96.0.7"]);
    }

    [Fact]
    public void A_pod_of_a_headless_Service_knows_its_full_name() => HostsTable.OwnNames(Pod("db-0")).ShouldBe(["db-0.db.default.svc.cluster.local", "db-0"]);

    private static V1Service Service(string name, string ns, string? address, string? selector = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = ns },
        Spec = new V1ServiceSpec { ClusterIP = address, Selector = selector is null ? null : new Dictionary<string, string> { ["app"] = selector } },
    };

    private static V1Pod Pod(string name)
    {
        var pod = TestPod.Build(name, new Dictionary<string, string> { ["app"] = "db" });
        pod.Spec.Hostname = name;
        pod.Spec.Subdomain = "db";
        return pod;
    }
}
