using FamilyAssistant.Operator.LocalCluster.Provisioning;

namespace FamilyAssistant.Operator.LocalCluster.Images;

/// <summary>What the stand-ins need of this machine: PostgreSQL with pgvector, and the Debian packages behind the images.</summary>
public static class StandInTools
{
    private const string Versions = "/usr/lib/postgresql";

    private static readonly IReadOnlyList<SystemPackage> Packages =
    [
        new(["alembic"], "migrations of the stand-in application", () => File.Exists("/usr/bin/alembic")),
        Module("psycopg2", "python3-psycopg2"),
        Module("sqlalchemy", "python3-sqlalchemy"),
        Module("yaml", "python3-yaml"),
        new(["libnss-wrapper"], "PostgreSQL under a user id without a name", HasNssWrapper),
    ];

    /// <summary>Folder with the programs of this machine's newest PostgreSQL, for example <c>/usr/lib/postgresql/15/bin</c>.</summary>
    public static string PostgresBinaries => Path.Combine(Versions, PostgresMajor.ToString(), "bin");

    /// <summary>Major version of this machine's newest PostgreSQL.</summary>
    /// <exception cref="ProvisioningException">There is none; <see cref="EnsureAsync"/> installs it.</exception>
    public static int PostgresMajor => InstalledMajors().DefaultIfEmpty(0).Max() is > 0 and var major
        ? major
        : throw new ProvisioningException($"no PostgreSQL server in {Versions}");

    /// <summary>Installs what is missing; cheap when nothing is.</summary>
    public static async Task EnsureAsync(Action<string> progress, CancellationToken cancellation = default)
    {
        await new Provisioner(progress).PostgresAsync(cancellation);
        if (Packages.All(package => package.IsPresent()) && HasPgvector())
        {
            return;
        }

        using var only = await FileLock.AcquireAsync(Path.Combine(CacheFolders.Root, "provisioning.lock"), progress, cancellation);
        await new AptInstaller(progress).EnsureAsync(Packages, cancellation);
        if (!HasPgvector())
        {
            await InstallPgvectorAsync(progress, cancellation);
        }
    }

    private static async Task InstallPgvectorAsync(Action<string> progress, CancellationToken cancellation)
    {
        progress($"installing pgvector for PostgreSQL {PostgresMajor}");
        var script = Path.Combine(AppContext.BaseDirectory, "images", "pgvector", "install-pgvector.sh");
        string[] command = [.. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["sudo", "--non-interactive"], "bash", script, $"{PostgresMajor}"];
        var lines = new List<string>();
        var code = await CommandRunner.StreamAsync(command[0], command.Skip(1), new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" }, lines.Add, cancellation);
        if (code != 0 || !HasPgvector())
        {
            throw new ProvisioningException($"pgvector could not be installed (code {code}):\n{string.Join('\n', lines.TakeLast(20))}");
        }
    }

    private static SystemPackage Module(string module, string package) =>
        new([package], "the stand-in application", () => Directory.Exists(Path.Combine("/usr/lib/python3/dist-packages", module)));

    private static bool HasPgvector() =>
        File.Exists($"/usr/share/postgresql/{PostgresMajor}/extension/vector.control") && File.Exists($"{Versions}/{PostgresMajor}/lib/vector.so");

    private static bool HasNssWrapper() =>
        Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Any(folder => File.Exists(Path.Combine(folder, "libnss_wrapper.so")));

    private static IEnumerable<int> InstalledMajors() => Directory.Exists(Versions)
        ? Directory.EnumerateDirectories(Versions).Where(folder => File.Exists(Path.Combine(folder, "bin", "postgres")))
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var major) ? major : 0)
        : [];
}
