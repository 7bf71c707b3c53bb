namespace FamilyAssistant.Operator.LocalCluster.Provisioning;

/// <summary>Something of the operating system that a step needs, and which Debian package brings it.</summary>
/// <param name="Name">Debian package; the first of several names that the distribution knows is taken.</param>
/// <param name="Purpose">Words for the message on a machine where it cannot be installed.</param>
/// <param name="IsPresent">Looks at the machine; must be cheap.</param>
internal sealed record SystemPackage(IReadOnlyList<string> Name, string Purpose, Func<bool> IsPresent)
{
    private const string PythonPackages = "/usr/lib/python3/dist-packages";

    public static SystemPackage Etcd { get; } = Program("etcd", "the API server's storage", "etcd-server");

    public static SystemPackage Kubectl { get; } = Program("kubectl", "the Kubernetes command line", "kubernetes-client");

    /// <summary>Pods: their own mounts, and the tools of the stand-in images.</summary>
    public static IReadOnlyList<SystemPackage> ForPods { get; } =
    [
        Program("bwrap", "the sandbox of pods", "bubblewrap"),
        Program("alembic", "migrations of the stand-in application", "alembic"),
        Module("psycopg2", "PostgreSQL from Python", "python3-psycopg2"),
        Module("asyncpg", "PostgreSQL from Python", "python3-asyncpg"),
        Program("gpg", "encryption of backups", "gnupg"),
        Program("openssl", "backup Jobs", "openssl"),
        // Its kernel alone is on every Debian.
        new(["perl"], "backup Jobs", () => Matches("/usr/share/perl", "JSON/PP.pm")),
    ];

    /// <summary>A PostgreSQL server and its tools.</summary>
    public static IReadOnlyList<SystemPackage> ForPostgres { get; } =
        [new(["postgresql-15", "postgresql"], "databases", () => Matches("/usr/lib/postgresql", "bin/postgres"))];

    /// <summary>Building the control plane from source.</summary>
    public static IReadOnlyList<SystemPackage> ForSourceBuild { get; } =
    [
        new(["golang-1.19-go", "golang-go"], "compiling Kubernetes", () => Directory.Exists("/usr/lib/go-1.19/bin") || Directory.Exists("/usr/lib/go/bin")),
        Program("make", "compiling Kubernetes", "make"),
        Program("jq", "compiling Kubernetes", "jq"),
        Program("rsync", "compiling Kubernetes", "rsync"),
        Program("dpkg-source", "unpacking the source package", "dpkg-dev"),
        new(["golang-github-modern-go-reflect2-dev"], "compiling Kubernetes", () => Directory.Exists("/usr/share/gocode/src/github.com/modern-go/reflect2")),
    ];

    /// <summary>Compiling the operator to native code.</summary>
    public static IReadOnlyList<SystemPackage> ForNativeCode { get; } =
    [
        new(["gcc"], "linking native code", () => SearchPath.Find("clang") is not null || SearchPath.Find("gcc") is not null),
        new(["libc6-dev"], "linking native code", () => File.Exists("/usr/include/stdlib.h")),
    ];

    private static SystemPackage Program(string program, string purpose, string package) => new([package], purpose, () => SearchPath.Find(program) is not null);

    private static SystemPackage Module(string module, string purpose, string package) => new([package], purpose, () => Directory.Exists(Path.Combine(PythonPackages, module)));

    private static bool Matches(string folder, string file) => Directory.Exists(folder) && Directory.GetDirectories(folder).Any(version => File.Exists(Path.Combine(version, file)));
}
