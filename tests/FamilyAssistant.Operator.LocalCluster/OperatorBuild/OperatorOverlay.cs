using System.Globalization;
using System.Text;

namespace FamilyAssistant.Operator.LocalCluster.OperatorBuild;

/// <summary><c>deploy/base</c> with what only this installation has, as a kustomization in a folder of its own.</summary>
internal static class OperatorOverlay
{
    /// <summary>Writes the kustomization; the fields are those that every kustomize inside kubectl since 1.20 knows.</summary>
    public static void Write(string folder, IReadOnlyDictionary<string, string> environment, int? replicas)
    {
        Directory.CreateDirectory(folder);
        // kustomize takes no absolute path for a base.
        var deploy = Path.GetRelativePath(folder, Path.Combine(RepositoryRoot.Find(), "deploy", "base"));
        File.WriteAllText(
            Path.Combine(folder, "kustomization.yaml"),
            $"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            bases:
            - {deploy}
            patchesStrategicMerge:
            - deployment.yaml

            """);
        File.WriteAllText(Path.Combine(folder, "deployment.yaml"), Patch(environment, replicas));
    }

    private static string Patch(IReadOnlyDictionary<string, string> environment, int? replicas)
    {
        var text = new StringBuilder(
            $"""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {OperatorInstall.Name}
              namespace: {OperatorInstall.Namespace}
            spec:

            """);
        if (replicas is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"  replicas: {replicas}\n");
        }

        text.Append("  template:\n    spec:\n      containers:\n      - name: operator\n        env:\n");
        foreach (var (name, value) in environment)
        {
            // Text in quotes with JSON's escapes is the same text in YAML.
            text.Append(CultureInfo.InvariantCulture, $"        - name: {name}\n          value: {System.Text.Json.JsonSerializer.Serialize(value)}\n");
        }

        return text.ToString();
    }
}
