using System.Net;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.LocalClusterTests;

/// <summary>RBAC is on, users have their own credentials, and every request is in the audit log once.</summary>
public sealed class AccessTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_may_do_what_a_role_grants_and_nothing_else()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var user = $"user-{ns}";
        var rbac = fixture.Client.RbacAuthorizationV1;
        await rbac.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = new V1ObjectMeta { Name = "viewer" },
                RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = "view" },
                Subjects = [new Rbacv1Subject { ApiGroup = "rbac.authorization.k8s.io", Kind = "User", Name = user }],
            },
            ns.Name,
            cancellationToken: Cancellation);
        using var client = fixture.Cluster.CreateClient(await fixture.Cluster.CreateUserKubeconfigAsync(user));

        (await client.CoreV1.ListNamespacedConfigMapAsync(ns.Name, cancellationToken: Cancellation)).ShouldNotBeNull();
        var refused = await Should.ThrowAsync<HttpOperationException>(() => client.CoreV1.ListNamespacedSecretAsync(ns.Name, cancellationToken: Cancellation));

        refused.Response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_audit_log_has_each_request_once_with_its_user_and_object()
    {
        fixture.Require(server => server.IsOwned, "the audit log of an existing cluster is not ours to read");
        await using var ns = await fixture.CreateNamespaceAsync();
        var user = $"auditor-{ns}";
        using var client = fixture.Cluster.CreateClient(await fixture.Cluster.CreateUserKubeconfigAsync(user, "system:masters"));
        var from = fixture.Cluster.Audit.Position;

        await client.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "one" } }, ns.Name, cancellationToken: Cancellation);
        await client.CoreV1.ListNamespacedConfigMapAsync(ns.Name, cancellationToken: Cancellation);
        await foreach (var _ in client.CoreV1.WatchListNamespacedConfigMapAsync(ns.Name, cancellationToken: Cancellation))
        {
            break;
        }

        var records = await Wait.ForAsync(
            async () =>
            {
                // The records that are there, once it is all three of them: a fourth would be a request counted twice.
                var own = (await fixture.Cluster.Audit.ReadAsync(from, Cancellation)).Where(record => record.User == user).ToList();
                return own.Count >= 3 ? own : null;
            },
            "the three requests in the audit log");
        records.Select(record => record.Verb).ShouldBe(["create", "list", "watch"]);
        records.ShouldAllBe(record => record.Resource == "configmaps" && record.Namespace == ns.Name);
        records.Select(record => record.Code).ShouldBe([201, 200, 200]);
        records[0].IsWrite.ShouldBeTrue();
        (await fixture.Cluster.Audit.ReadAsync(fixture.Cluster.Audit.Position, Cancellation)).ShouldNotContain(record => record.User == user);
    }

    [Fact]
    public async Task Kubectl_runs_as_the_administrator_or_as_the_user_it_is_told()
    {
        await using var ns = await fixture.CreateNamespaceAsync();

        var asAdministrator = await fixture.Cluster.KubectlAsync("auth", "can-i", "delete", "secrets", "-n", ns.Name);
        var asUser = await fixture.Cluster.KubectlAsync("--kubeconfig", await fixture.Cluster.CreateUserKubeconfigAsync("nobody"), "auth", "can-i", "delete", "secrets", "-n", ns.Name);

        asAdministrator.Output.Trim().ShouldBe("yes");
        asUser.Output.Trim().ShouldBe("no");
        asUser.ExitCode.ShouldBe(1);
    }
}
