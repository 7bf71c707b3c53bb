namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>Writes kubeconfig files that need no other file beside them.</summary>
internal static class Kubeconfig
{
    public static void Write(string path, Uri server, string caFile, CertificateFiles client)
        => PrivateFile.Write(path, $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: localcluster
              cluster:
                server: {server.GetLeftPart(UriPartial.Authority)}
                certificate-authority-data: {Base64(caFile)}
            users:
            - name: user
              user:
                client-certificate-data: {Base64(client.CertificateFile)}
                client-key-data: {Base64(client.KeyFile)}
            contexts:
            - name: localcluster
              context: {"{"}cluster: localcluster, user: user{"}"}
            current-context: localcluster

            """);

    private static string Base64(string file) => Convert.ToBase64String(File.ReadAllBytes(file));
}
