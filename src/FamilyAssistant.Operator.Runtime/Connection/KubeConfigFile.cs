using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FamilyAssistant.Operator.Runtime.Connection;

/// <summary>
/// Reads the parts of a kubeconfig file that development needs: server, authority, client certificate, token. The client library's own
/// reader needs reflection, which an ahead-of-time build does not have. Exec plugins and password log-ins are refused, not ignored.
/// </summary>
public static class KubeConfigFile
{
    /// <summary>Loads one context of a file in YAML or JSON.</summary>
    /// <exception cref="InvalidOperationException">The file or what it asks for cannot be used.</exception>
    public static ConnectionSettings Load(string path, string? context, TimeProvider time)
    {
        if (path.Contains(Path.PathSeparator, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("KUBECONFIG names several files; name one.");
        }

        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"The kubeconfig file {path} does not exist.");
        }

        var root = Parse(path);
        var contextName = context ?? Text(root, "current-context")
            ?? throw new InvalidOperationException($"{path} has no current-context and none was named.");
        var chosen = Named(root, "contexts", contextName, "context", path);
        var cluster = Named(root, "clusters", Text(chosen, "cluster") ?? "", "cluster", path);
        var user = Named(root, "users", Text(chosen, "user") ?? "", "user", path);
        Refuse(user, path, "exec", "auth-provider", "username");
        if (Text(cluster, "insecure-skip-tls-verify") == "true")
        {
            throw new InvalidOperationException($"{path}: insecure-skip-tls-verify is not supported; give the authority instead.");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return new ConnectionSettings
        {
            Server = new Uri(Text(cluster, "server") ?? throw new InvalidOperationException($"{path}: the cluster has no server.")),
            Authorities = Authorities(cluster, folder),
            ClientCertificate = ClientCertificate(user, folder),
            Token = Token(user, folder, time),
            ServerName = Text(cluster, "tls-server-name"),
            Namespace = Text(chosen, "namespace") ?? "default",
        };
    }

    private static YamlMappingNode Parse(string path)
    {
        try
        {
            using var reader = File.OpenText(path);
            var stream = new YamlStream();
            stream.Load(reader);
            return stream.Documents is [{ RootNode: YamlMappingNode root }, ..]
                ? root
                : throw new InvalidOperationException($"{path} is not a kubeconfig file.");
        }
        catch (YamlException e)
        {
            throw new InvalidOperationException($"{path} is not valid YAML (line {e.Start.Line}).");
        }
    }

    private static X509Certificate2Collection? Authorities(YamlMappingNode cluster, string folder)
    {
        if (Pem(cluster, "certificate-authority", folder) is not { } pem)
        {
            return null;
        }

        var result = new X509Certificate2Collection();
        result.ImportFromPem(pem);
        return result;
    }

    private static X509Certificate2? ClientCertificate(YamlMappingNode user, string folder) =>
        Pem(user, "client-certificate", folder) is { } certificate && Pem(user, "client-key", folder) is { } key
            ? X509Certificate2.CreateFromPem(certificate, key)
            : null;

    private static ITokenSource? Token(YamlMappingNode user, string folder, TimeProvider time) =>
        Text(user, "tokenFile") is { } file ? new FileToken(Path.Combine(folder, file), time)
        : Text(user, "token") is { } token ? new StaticToken(token)
        : null;

    /// <summary>A certificate or key is either inline (base64, key name plus "-data") or a file beside the kubeconfig.</summary>
    private static string? Pem(YamlMappingNode node, string key, string folder) =>
        Text(node, key + "-data") is { } inline ? Encoding.ASCII.GetString(Convert.FromBase64String(inline))
        : Text(node, key) is { } file ? File.ReadAllText(Path.Combine(folder, file))
        : null;

    private static YamlMappingNode Named(YamlMappingNode root, string list, string name, string body, string path)
    {
        if (root.Children.TryGetValue(new YamlScalarNode(list), out var node) && node is YamlSequenceNode sequence)
        {
            foreach (var item in sequence.OfType<YamlMappingNode>().Where(i => Text(i, "name") == name))
            {
                return item.Children.TryGetValue(new YamlScalarNode(body), out var found) && found is YamlMappingNode mapping ? mapping : [];
            }
        }

        throw new InvalidOperationException($"{path} has no '{name}' in {list}.");
    }

    private static void Refuse(YamlMappingNode user, string path, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (user.Children.ContainsKey(new YamlScalarNode(key)))
            {
                throw new InvalidOperationException($"{path}: '{key}' credentials are not supported; use a token or a client certificate.");
            }
        }
    }

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) && value is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : null;
}
