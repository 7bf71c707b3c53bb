using System.Net;

namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>The files of one control plane in its data folder.</summary>
internal sealed record ControlPlaneFiles
{
    public required string Folder { get; init; }

    public required string CaFile { get; init; }

    public required CertificateFiles Server { get; init; }

    public required CertificateFiles ServiceAccounts { get; init; }

    public required CertificateFiles KubeletClient { get; init; }

    public required CertificateFiles Admin { get; init; }

    public required CertificateFiles ControllerManager { get; init; }

    public string AdminKubeconfig => Path.Combine(Folder, "kubeconfig");

    public string ControllerManagerKubeconfig => Path.Combine(Folder, "pki", "controller-manager.kubeconfig");

    public string AuditPolicyFile => Path.Combine(Folder, "audit-policy.yaml");

    public string AuditLogFile => Path.Combine(Folder, "audit.log");

    public string EtcdData => Path.Combine(Folder, "etcd");

    public string Log(string program) => Path.Combine(Folder, "logs", program + ".log");

    public static ControlPlaneFiles Prepare(string folder, CertificateAuthority authority, LoopbackRange range, Uri server)
    {
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        // etcd refuses a folder that others may read.
        Directory.CreateDirectory(Path.Combine(folder, "etcd"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var files = new ControlPlaneFiles
        {
            Folder = folder,
            CaFile = authority.CertificateFile,
            Server = authority.IssueServer(
                "kube-apiserver",
                ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"],
                [IPAddress.Loopback, IPAddress.Parse(range.KubernetesServiceAddress)]),
            ServiceAccounts = authority.ServiceAccountKeys(),
            KubeletClient = authority.IssueClient("kubelet-client", "kube-apiserver-kubelet-client", "system:masters"),
            Admin = authority.IssueClient("admin", "admin", "system:masters"),
            ControllerManager = authority.IssueClient("controller-manager", "system:kube-controller-manager"),
        };
        Kubeconfig.Write(files.AdminKubeconfig, server, files.CaFile, files.Admin);
        Kubeconfig.Write(files.ControllerManagerKubeconfig, server, files.CaFile, files.ControllerManager);
        File.WriteAllText(files.AuditPolicyFile, AuditPolicy.Yaml);
        return files;
    }
}
