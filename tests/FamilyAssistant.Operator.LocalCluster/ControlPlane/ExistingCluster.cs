using k8s;
using k8s.KubeConfigModels;

namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>A cluster that runs already, given by KUBECONFIG_E2E: nothing is started and nothing of it is stopped.</summary>
internal static class ExistingCluster
{
    public const string Variable = "KUBECONFIG_E2E";

    /// <summary>Reads address and credentials; the files of credentials that the kubeconfig lacks (a token instead of a certificate) have an empty name.</summary>
    public static ClusterAccess Read(string kubeconfig, string folder)
    {
        if (!File.Exists(kubeconfig))
        {
            throw new InvalidOperationException($"{Variable}={kubeconfig}: there is no such file");
        }

        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        Directory.CreateDirectory(folder);
        string Pem(string name, string? content)
        {
            if (content is null)
            {
                return "";
            }

            var path = Path.Combine(folder, name);
            PrivateFile.Write(path, content);
            return path;
        }

        return new ClusterAccess(
            new Uri(configuration.Host),
            Pem("ca.crt", configuration.SslCaCerts is { Count: > 0 } authorities ? string.Join('\n', authorities.Select(ca => ca.ExportCertificatePem())) : null),
            Pem("admin.crt", FromBase64(configuration.ClientCertificateData) ?? ReadFile(configuration.ClientCertificateFilePath)),
            Pem("admin.key", FromBase64(configuration.ClientCertificateKeyData) ?? ReadFile(configuration.ClientKeyFilePath)),
            kubeconfig);
    }

    /// <summary>The same kubeconfig, speaking as somebody else: signing certificates is not ours to do there, and an administrator may impersonate.</summary>
    public static string Impersonate(string kubeconfig, string path, string user, IReadOnlyList<string> groups)
    {
        var configuration = KubernetesClientConfiguration.LoadKubeConfig(kubeconfig);
        foreach (var entry in configuration.Users ?? [])
        {
            entry.UserCredentials ??= new UserCredentials();
            entry.UserCredentials.Impersonate = user;
            entry.UserCredentials.ImpersonateGroups = groups;
        }

        PrivateFile.Write(path, KubernetesYaml.Serialize(configuration));
        return path;
    }

    private static string? FromBase64(string? data) => string.IsNullOrEmpty(data) ? null : System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(data));

    private static string? ReadFile(string? path) => string.IsNullOrEmpty(path) ? null : File.ReadAllText(path);
}
