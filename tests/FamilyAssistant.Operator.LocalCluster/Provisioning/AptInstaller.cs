namespace FamilyAssistant.Operator.LocalCluster.Provisioning;

/// <summary>Installs Debian packages that are missing, as root or through sudo, without a question and without starting services.</summary>
internal sealed class AptInstaller(Action<string> progress)
{
    private const string ClusterConfiguration = "/etc/postgresql-common/createcluster.conf";
    private static readonly Dictionary<string, string> Quiet = new() { ["DEBIAN_FRONTEND"] = "noninteractive", ["LC_ALL"] = "C.UTF-8" };

    /// <summary>Installs what is not present; says what is missing, and why it is needed, when it cannot.</summary>
    public async Task EnsureAsync(IEnumerable<SystemPackage> packages, CancellationToken cancellation)
    {
        var missing = packages.Where(package => !package.IsPresent()).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var prefix = RootPrefix(missing);
        progress($"installing with APT: {string.Join(' ', missing.Select(package => package.Name[0]))}");
        await RunAsync([.. prefix, "apt-get", "-q", "update"], "apt-get update", cancellation);
        var names = new List<string>();
        foreach (var package in missing)
        {
            names.Add(await KnownNameAsync(package, cancellation));
        }

        if (names.Any(name => name.StartsWith("postgresql", StringComparison.Ordinal)))
        {
            await PreventDefaultClusterAsync(prefix, cancellation);
        }

        await RunAsync(
            [.. prefix, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", "install", .. names],
            "apt-get install",
            cancellation);
        if (missing.FirstOrDefault(package => !package.IsPresent()) is { } still)
        {
            throw new ProvisioningException($"APT installed {still.Name[0]}, but what it should bring ({still.Purpose}) is not there");
        }
    }

    private static List<string> RootPrefix(List<SystemPackage> missing)
    {
        var list = string.Join(", ", missing.Select(package => $"{package.Name[0]} ({package.Purpose})"));
        if (SearchPath.Find("apt-get") is null)
        {
            throw new ProvisioningException($"missing on this machine: {list}. The names are Debian's; this machine has no apt-get, so install them with its own package manager.");
        }

        if (Environment.IsPrivilegedProcess)
        {
            return [];
        }

        return SearchPath.Find("sudo") is { } sudo
            ? [sudo, "--non-interactive"]
            : throw new ProvisioningException(
                $"missing on this machine: {list}. Run as root, or install sudo, or run once: apt-get install {string.Join(' ', missing.Select(package => package.Name[0]))}");
    }

    /// <summary>Debian starts a database server as soon as its package is installed; one that nobody asked for would run for ever and hold port 5432.</summary>
    private async Task PreventDefaultClusterAsync(List<string> prefix, CancellationToken cancellation)
    {
        if (!File.Exists(ClusterConfiguration))
        {
            await RunAsync(
                [.. prefix, "sh", "-c", $"mkdir -p {Path.GetDirectoryName(ClusterConfiguration)} && echo 'create_main_cluster = false' > {ClusterConfiguration}"],
                "writing " + ClusterConfiguration,
                cancellation);
        }
    }

    private static async Task<string> KnownNameAsync(SystemPackage package, CancellationToken cancellation)
    {
        foreach (var name in package.Name)
        {
            var answer = await CommandRunner.CaptureAsync("apt-cache", ["show", "--no-all-versions", name], Quiet, cancellation);
            if (answer.ExitCode == 0 && answer.Output.Length > 0)
            {
                return name;
            }
        }

        throw new ProvisioningException($"this distribution has no package {string.Join(" or ", package.Name)}, which is needed for {package.Purpose}");
    }

    private async Task RunAsync(List<string> command, string what, CancellationToken cancellation)
    {
        var lines = new Queue<string>();
        void Keep(string line)
        {
            lines.Enqueue(line);
            if (lines.Count > 20)
            {
                lines.Dequeue();
            }

            if (line.StartsWith("Unpacking", StringComparison.Ordinal) || line.StartsWith('…'))
            {
                progress("  " + line);
            }
        }

        if (await CommandRunner.StreamAsync(command[0], command.Skip(1), Quiet, Keep, cancellation) is not 0 and var code)
        {
            throw new ProvisioningException($"{what} failed with code {code}:\n{string.Join('\n', lines)}");
        }
    }
}
