using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>What the operator's ServiceAccount may do on a real API server, by the API server's own word.</summary>
public sealed class PermissionTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private static readonly string[] OwnGroups = ["system:serviceaccounts", $"system:serviceaccounts:{OperatorNames.Namespace}"];

    [Theory]
    [InlineData("create", "", "pods", "")]
    [InlineData("patch", "", "pods", "")]
    [InlineData("create", "", "pods", "exec")]
    [InlineData("create", "", "pods", "attach")]
    [InlineData("create", "", "serviceaccounts", "token")]
    [InlineData("impersonate", "", "users", "")]
    [InlineData("impersonate", "", "serviceaccounts", "")]
    [InlineData("escalate", "rbac.authorization.k8s.io", "clusterroles", "")]
    [InlineData("bind", "rbac.authorization.k8s.io", "clusterroles", "")]
    [InlineData("create", "rbac.authorization.k8s.io", "rolebindings", "")]
    [InlineData("create", "apps", "deployments", "")]
    [InlineData("delete", "apps", "deployments", "")]
    [InlineData("create", "apps", "daemonsets", "")]
    [InlineData("patch", "batch", "jobs", "")]
    [InlineData("create", "batch", "cronjobs", "")]
    [InlineData("list", "", "nodes", "")]
    [InlineData("delete", "", "namespaces", "")]
    [InlineData("delete", "", "persistentvolumes", "")]
    [InlineData("patch", "apiextensions.k8s.io", "customresourcedefinitions", "")]
    [InlineData("create", "admissionregistration.k8s.io", "mutatingwebhookconfigurations", "")]
    [InlineData("update", "family-assistant.io", "familyassistantbackups", "")]
    [InlineData("create", "family-assistant.io", "familyassistantrestores", "")]
    [InlineData("delete", "family-assistant.io", "familyassistantrestores", "")]
    [InlineData("update", "family-assistant.io", "familyassistantinstances", "")]
    [InlineData("delete", "family-assistant.io", "familyassistantinstances", "")]
    [InlineData("create", "family-assistant.io", "familyassistantoperations", "")]
    [InlineData("update", "family-assistant.io", "familyassistantoperations", "")]
    [InlineData("patch", "family-assistant.io", "familyassistantoperations", "")]
    [InlineData("deletecollection", "family-assistant.io", "familyassistantoperations", "")]
    [InlineData("deletecollection", "", "secrets", "")]
    [InlineData("get", "coordination.k8s.io", "leases", "")]
    public async Task It_may_not(string verb, string group, string resource, string subresource)
    {
        (await IsAllowedAsync("default", verb, group, resource, subresource)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_question_is_answered_with_yes_for_what_it_needs()
    {
        (await IsAllowedAsync("default", "patch", "apps", "statefulsets", "")).ShouldBeTrue();
        (await IsAllowedAsync(OperatorNames.Namespace, "patch", "coordination.k8s.io", "leases", "")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("view", "get", "", true)]
    [InlineData("view", "create", "", false)]
    [InlineData("edit", "create", "", true)]
    [InlineData("edit", "delete", "", true)]
    [InlineData("edit", "patch", "status", false)]
    [InlineData("admin", "create", "", true)]
    [InlineData("admin", "update", "status", false)]
    public async Task People_may_with_operations_what_their_role_in_the_namespace_says_and_write_no_status(string role, string verb, string subresource, bool allowed)
    {
        Require(server => server.HasControllerManager, "without its controllers nobody puts the aggregated roles together");
        await using var ns = await Bed.CreateNamespaceAsync();
        var user = $"{role}-of-{ns}";
        await Bed.Client.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = new V1ObjectMeta { Name = role },
                RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = role },
                Subjects = [new Rbacv1Subject { ApiGroup = "rbac.authorization.k8s.io", Kind = "User", Name = user }],
            },
            ns.Name,
            cancellationToken: Cancellation);

        // The binding, and after it the answer of the authorizer's cache.
        await Wait.ForAsync(() => MayAsync(user, ns.Name, "get", "familyassistantoperations", ""), "the binding to take effect");
        (await MayAsync(user, ns.Name, verb, "familyassistantoperations", subresource)).ShouldBe(allowed);
    }

    [Fact]
    public async Task It_has_the_rights_of_deploy_and_those_of_everybody_and_no_others()
    {
        RequireOwnCluster();
        using var client = Bed.Cluster.CreateClient(await Bed.Cluster.CreateUserKubeconfigAsync(OperatorNames.User(), OwnGroups));
        var role = await Bed.Client.RbacAuthorizationV1.ReadClusterRoleAsync(OperatorNames.Name, cancellationToken: Cancellation);

        var answer = await client.AuthorizationV1.CreateSelfSubjectRulesReviewAsync(
            new V1SelfSubjectRulesReview { Spec = new V1SelfSubjectRulesReviewSpec { NamespaceProperty = "default" } }, cancellationToken: Cancellation);

        // Everybody may ask who they are and what they may.
        var own = answer.Status.ResourceRules.Where(rule => !rule.ApiGroups.All(group => group is "authorization.k8s.io" or "authentication.k8s.io"));
        own.SelectMany(rule => Rights(rule.ApiGroups, rule.Resources, rule.Verbs)).Distinct().Order()
            .ShouldBe(role.Rules.SelectMany(rule => Rights(rule.ApiGroups, rule.Resources, rule.Verbs)).Distinct().Order());
        answer.Status.NonResourceRules.SelectMany(rule => rule.Verbs).Distinct().ShouldBe(["get"]);
    }

    private async Task<bool> IsAllowedAsync(string ns, string verb, string group, string resource, string subresource)
    {
        var review = new V1SubjectAccessReview
        {
            Spec = new V1SubjectAccessReviewSpec
            {
                User = OperatorNames.User(),
                Groups = [.. OwnGroups, "system:authenticated"],
                ResourceAttributes = new V1ResourceAttributes { NamespaceProperty = ns, Verb = verb, Group = group, Resource = resource, Subresource = subresource },
            },
        };
        return (await Bed.Client.AuthorizationV1.CreateSubjectAccessReviewAsync(review, cancellationToken: Cancellation)).Status.Allowed;
    }

    private async Task<bool> MayAsync(string user, string ns, string verb, string resource, string subresource)
    {
        var review = new V1SubjectAccessReview
        {
            Spec = new V1SubjectAccessReviewSpec
            {
                User = user,
                ResourceAttributes = new V1ResourceAttributes { NamespaceProperty = ns, Verb = verb, Group = "family-assistant.io", Resource = resource, Subresource = subresource },
            },
        };
        return (await Bed.Client.AuthorizationV1.CreateSubjectAccessReviewAsync(review, cancellationToken: Cancellation)).Status.Allowed;
    }

    private static IEnumerable<string> Rights(IEnumerable<string> groups, IEnumerable<string> resources, IEnumerable<string> verbs) =>
        from verb in verbs from resource in resources from @group in groups select $"{@group}/{resource} {verb}";
}
