using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Runbook;

/// <summary>Somebody with the role <c>edit</c> in one namespace, who does what the page says and nothing else.</summary>
internal sealed class RunbookReader
{
    private const string User = "reader-of-the-runbook";
    private readonly TestBed _bed;
    private readonly string _kubeconfig;

    private RunbookReader(TestBed bed, string kubeconfig)
    {
        _bed = bed;
        _kubeconfig = kubeconfig;
    }

    /// <summary>What the page's variables stand for.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public static async Task<RunbookReader> CreateAsync(TestBed bed, TestNamespace ns)
    {
        var binding = new V1RoleBinding
        {
            Metadata = new V1ObjectMeta { Name = User },
            RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = "edit" },
            Subjects = [new Rbacv1Subject { Kind = "User", Name = User, ApiGroup = "rbac.authorization.k8s.io" }],
        };
        await bed.Client.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(binding, ns.Name, cancellationToken: TestContext.Current.CancellationToken);
        var reader = new RunbookReader(bed, await bed.Cluster.CreateUserKubeconfigAsync(User));
        await reader.RunAsync($"kubectl config set-context --current --namespace={ns}");
        // The server adds our rules to the role, and some moments later knows them.
        await Wait.ForAsync(async () => (await bed.Cluster.ShellAsync("kubectl auth can-i patch familyassistantinstances/scale", reader._kubeconfig, reader.Variables)).ExitCode == 0, "the rights of the role edit");
        return reader;
    }

    /// <summary>Does what a block says; returns what was printed.</summary>
    public Task<string> FollowAsync(RunbookBlock block) => block.Language == "sh" ? RunAsync(block.Text) : ApplyAsync(block);

    private async Task<string> ApplyAsync(RunbookBlock block)
    {
        var file = Path.Combine(_bed.Cluster.DataDirectory, $"runbook-{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, block.Text);
        return await RunAsync(block.IsPartOfInstance
            ? $"kubectl patch fai family-assistant --type=merge -p \"$(cat {file})\""
            : $"kubectl {(block.Text.Contains("generateName:", StringComparison.Ordinal) ? "create" : "apply")} -f {file}");
    }

    private async Task<string> RunAsync(string script) => (await _bed.Cluster.ShellAsync(script, _kubeconfig, Variables)).OutputOrThrow(script);
}
