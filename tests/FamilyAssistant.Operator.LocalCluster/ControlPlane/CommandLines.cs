namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>Command lines of the three programs: flags that every version from 1.20 on knows, or that are given by version.</summary>
internal static class CommandLines
{
    private const string Issuer = "https://kubernetes.default.svc.cluster.local";

    public static IEnumerable<string> Etcd(string dataDirectory, int clientPort, int peerPort)
    {
        string client = $"http://127.0.0.1:{clientPort}", peer = $"http://127.0.0.1:{peerPort}";
        return
        [
            "--name=default",
            $"--data-dir={dataDirectory}",
            $"--listen-client-urls={client}",
            $"--advertise-client-urls={client}",
            $"--listen-peer-urls={peer}",
            $"--initial-advertise-peer-urls={peer}",
            $"--initial-cluster=default={peer}",
            // The data is worth nothing after a power cut, and fsync is most of a write's time.
            "--unsafe-no-fsync",
        ];
    }

    public static IEnumerable<string> ApiServer(ControlPlaneFiles files, int port, int etcdPort, LoopbackRange range) =>
    [
        $"--etcd-servers=http://127.0.0.1:{etcdPort}",
        "--bind-address=127.0.0.1",
        // Without it the server looks for an address on a default route, which an isolated machine does not have.
        "--advertise-address=127.0.0.1",
        $"--secure-port={port}",
        $"--tls-cert-file={files.Server.CertificateFile}",
        $"--tls-private-key-file={files.Server.KeyFile}",
        $"--client-ca-file={files.CaFile}",
        $"--service-account-key-file={files.ServiceAccounts.CertificateFile}",
        $"--service-account-signing-key-file={files.ServiceAccounts.KeyFile}",
        $"--service-account-issuer={Issuer}",
        $"--service-cluster-ip-range={range.ServiceCidr}",
        "--authorization-mode=RBAC",
        "--allow-privileged=true",
        // The reconciler would publish a loopback address, which the API itself refuses in Endpoints.
        "--endpoint-reconciler-type=none",
        $"--kubelet-certificate-authority={files.CaFile}",
        $"--kubelet-client-certificate={files.KubeletClient.CertificateFile}",
        $"--kubelet-client-key={files.KubeletClient.KeyFile}",
        "--kubelet-preferred-address-types=InternalIP",
        $"--audit-policy-file={files.AuditPolicyFile}",
        $"--audit-log-path={files.AuditLogFile}",
        "--audit-log-format=json",
        "--audit-log-mode=blocking",
        // In megabytes: never rotated, so that byte offsets stay valid.
        "--audit-log-maxsize=1000000",
        "--profiling=false",
    ];

    public static IEnumerable<string> ControllerManager(ControlPlaneFiles files, int port, KubeVersion version, LoopbackRange range)
    {
        yield return $"--kubeconfig={files.ControllerManagerKubeconfig}";
        yield return $"--authentication-kubeconfig={files.ControllerManagerKubeconfig}";
        yield return $"--authorization-kubeconfig={files.ControllerManagerKubeconfig}";
        yield return $"--service-account-private-key-file={files.ServiceAccounts.KeyFile}";
        yield return $"--root-ca-file={files.CaFile}";
        yield return "--use-service-account-credentials=true";
        yield return "--leader-elect=false";
        yield return "--bind-address=127.0.0.1";
        yield return $"--secure-port={port}";
        yield return $"--service-cluster-ip-range={range.ServiceCidr}";
        // Pods have loopback addresses, which the API refuses in Endpoints: these controllers could only fail, for ever.
        yield return "--controllers=*,-endpoint,-endpointslice,-endpointslicemirroring";
        yield return "--kube-api-qps=200";
        yield return "--kube-api-burst=400";
        if (!version.IsAtLeast(24))
        {
            // The plain-text port was on by default, at a fixed number.
            yield return "--port=0";
        }
    }
}
