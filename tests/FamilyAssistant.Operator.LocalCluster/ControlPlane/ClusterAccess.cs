namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>Where the API server listens and the administrator's credentials for it.</summary>
/// <param name="Server">Base address, for example <c>https://127.0.0.1:40123</c>.</param>
/// <param name="CaFile">PEM file of the authority that signed the server's certificate and every client's.</param>
/// <param name="AdminCertificateFile">PEM client certificate of a member of <c>system:masters</c>.</param>
/// <param name="AdminKeyFile">PEM private key of that certificate.</param>
/// <param name="KubeconfigFile">A kubeconfig with these credentials, for <c>kubectl --kubeconfig</c>.</param>
public sealed record ClusterAccess(Uri Server, string CaFile, string AdminCertificateFile, string AdminKeyFile, string KubeconfigFile);
