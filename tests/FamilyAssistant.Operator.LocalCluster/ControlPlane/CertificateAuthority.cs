using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>The cluster's own certificate authority. It lives in the data folder, so a cluster that is started again keeps its identity.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _clock;

    private CertificateAuthority(string folder, X509Certificate2 certificate, TimeProvider clock)
    {
        Folder = folder;
        _certificate = certificate;
        _clock = clock;
    }

    /// <summary>Folder of all keys and certificates, mode 0700.</summary>
    public string Folder { get; }

    /// <summary>PEM file of the authority's certificate.</summary>
    public string CertificateFile => Path.Combine(Folder, "ca.crt");

    /// <summary>Opens the authority in <paramref name="folder"/>, or makes one there.</summary>
    public static CertificateAuthority Open(string folder, TimeProvider clock)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string certificateFile = Path.Combine(folder, "ca.crt"), keyFile = Path.Combine(folder, "ca.key");
        if (!File.Exists(certificateFile))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localcluster-ca", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            var now = clock.GetUtcNow();
            using var made = request.CreateSelfSigned(now.AddMinutes(-5), now + Lifetime);
            PrivateFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(certificateFile, made.ExportCertificatePem());
        }

        return new CertificateAuthority(folder, X509Certificate2.CreateFromPemFile(certificateFile, keyFile), clock);
    }

    /// <summary>Issues a server certificate for the given names and addresses; returns its files.</summary>
    public CertificateFiles IssueServer(string name, IEnumerable<string> dnsNames, IEnumerable<IPAddress> addresses)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var dnsName in dnsNames)
        {
            alternatives.AddDnsName(dnsName);
        }

        foreach (var address in addresses)
        {
            alternatives.AddIpAddress(address);
        }

        return Issue(name, $"CN={name}", "1.3.6.1.5.5.7.3.1", alternatives.Build());
    }

    /// <summary>Issues a client certificate: Kubernetes reads the user from CN and the groups from O.</summary>
    public CertificateFiles IssueClient(string name, string user, params IEnumerable<string> groups)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (var group in groups)
        {
            subject.AddOrganizationName(group);
        }

        subject.AddCommonName(user);
        return Issue(name, subject.Build().Name, "1.3.6.1.5.5.7.3.2", null);
    }

    /// <summary>Makes the key pair with which the API server signs the tokens of service accounts (2048 bit RSA: older servers take no other kind by default).</summary>
    public CertificateFiles ServiceAccountKeys()
    {
        var files = Files("service-accounts");
        if (!File.Exists(files.KeyFile))
        {
            using var key = RSA.Create(2048);
            PrivateFile.Write(files.KeyFile, key.ExportRSAPrivateKeyPem());
            File.WriteAllText(files.CertificateFile, key.ExportSubjectPublicKeyInfoPem());
        }

        return files;
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private CertificateFiles Issue(string name, string subject, string usage, X509Extension? alternatives)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (alternatives is not null)
        {
            request.CertificateExtensions.Add(alternatives);
        }

        using var made = request.Create(_certificate, _clock.GetUtcNow().AddMinutes(-4), _certificate.NotAfter, RandomNumberGenerator.GetBytes(16));
        var files = Files(name);
        PrivateFile.Write(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(files.CertificateFile, made.ExportCertificatePem());
        return files;
    }

    private CertificateFiles Files(string name) => new(Path.Combine(Folder, name + ".crt"), Path.Combine(Folder, name + ".key"));
}

/// <summary>PEM files of one certificate (for the service account keys: of the public key) and its private key.</summary>
public sealed record CertificateFiles(string CertificateFile, string KeyFile)
{
    /// <summary>Loads both; the caller disposes it.</summary>
    public X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
}
