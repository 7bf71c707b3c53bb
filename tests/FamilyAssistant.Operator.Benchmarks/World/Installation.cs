using System.Text.Json.Nodes;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;

namespace FamilyAssistant.Operator.Benchmarks.World;

/// <summary>What <c>deploy/base</c> installs, without the Deployment: the operator runs as a process here, under the ServiceAccount and the RBAC that are shipped.</summary>
internal static class Installation
{
    /// <summary>The operator's namespace.</summary>
    public const string Namespace = "family-assistant-system";

    private const string Account = "family-assistant-operator";

    /// <summary>The operator's name in the audit log.</summary>
    public const string User = $"system:serviceaccount:{Namespace}:{Account}";

    private static readonly string[] Files = ["deploy/base/namespace.yaml", "deploy/operator/serviceaccount.yaml", "deploy/operator/leases.yaml", "deploy/base/rbac.yaml"];

    /// <summary>Installs, and returns a kubeconfig with a token of the ServiceAccount.</summary>
    public static async Task<string> InstallAsync(Cluster cluster, ApiClient admin, CancellationToken ct)
    {
        var root = RepositoryRoot.Find();
        // Servers before 1.25 do not know the rules of the definition, and their kubectl refuses what it does not know.
        await KubectlAsync(cluster, "apply", "--validate=false", "-k", Path.Combine(root, "crds"));
        foreach (var file in Files)
        {
            await KubectlAsync(cluster, "apply", "-f", Path.Combine(root, file));
        }

        await KubectlAsync(cluster, "wait", "--for=condition=Established", "--timeout=60s", $"crd/familyassistantinstances.{WireNames.Group}");
        var answer = await admin.CreateAsync(
            $"/api/v1/namespaces/{Namespace}/serviceaccounts/{Account}/token",
            """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":36000}}""",
            ct);
        return WriteKubeconfig(cluster, answer["status"]!["token"]!.GetValue<string>());
    }

    private static string WriteKubeconfig(Cluster cluster, string token)
    {
        var config = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = "bench",
            ["clusters"] = new JsonArray(Entry("cluster", new JsonObject
            {
                ["server"] = cluster.Access.Server.GetLeftPart(UriPartial.Authority),
                ["certificate-authority-data"] = Convert.ToBase64String(File.ReadAllBytes(cluster.Access.CaFile)),
            })),
            ["users"] = new JsonArray(Entry("user", new JsonObject { ["token"] = token })),
            ["contexts"] = new JsonArray(Entry("context", new JsonObject { ["cluster"] = "bench", ["user"] = "bench" })),
        };
        var path = Path.Combine(cluster.DataDirectory, "operator.kubeconfig");
        // The folder is a temporary one, for its owner alone.
        File.WriteAllText(path, config.ToJsonString());
        return path;
    }

    private static JsonObject Entry(string kind, JsonObject content) => new() { ["name"] = "bench", [kind] = content };

    private static async Task KubectlAsync(Cluster cluster, params string[] arguments)
    {
        var result = await cluster.KubectlAsync(arguments);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {result.Error}");
        }
    }
}
