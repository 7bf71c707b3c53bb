using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Provisioning;

namespace FamilyAssistant.Operator.LocalCluster.Postgres;

/// <summary>A data folder with keys, and the command lines for it. The server refuses to run as root: then it runs as Debian's user <c>postgres</c>.</summary>
internal sealed class PostgresFiles
{
    public const string SuperUser = "postgres";

    /// <summary>SIGINT.</summary>
    public const int FastShutdownSignal = 2;

    /// <summary>SIGQUIT.</summary>
    public const int ImmediateShutdownSignal = 3;

    private const string UnprivilegedUser = "postgres";
    private readonly string _folder;

    private PostgresFiles(string folder) => _folder = folder;

    public string Log => Path.Combine(_folder, "postgres.log");

    public string Certificate => Path.Combine(_folder, "server.crt");

    private string Data => Path.Combine(_folder, "data");

    private string Key => Path.Combine(_folder, "server.key");

    public static async Task<PostgresFiles> CreateAsync(string folder, string password, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var files = new PostgresFiles(Path.GetFullPath(folder));
        if (Directory.Exists(files.Data))
        {
            Directory.Delete(files.Data, recursive: true);
        }

        Directory.CreateDirectory(files.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        SelfSignedCertificate.Write(files.Certificate, files.Key);
        await GiveAwayAsync([files.Data, files.Key], cancellation);
        await files.InitializeAsync(password, cancellation);
        return files;
    }

    public ChildProcess Start(string address, int port)
    {
        string[] command =
        [
            .. AsServerUser(), Path.Combine(StandInTools.PostgresBinaries, "postgres"), "-D", Data, "-h", address, "-p", $"{port}", "-k", "",
            "-c", "max_connections=500", "-c", "shared_buffers=64MB", "-c", "log_connections=off",
            "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
            "-c", "ssl=on", "-c", $"ssl_cert_file={Certificate}", "-c", $"ssl_key_file={Key}",
        ];
        return ChildProcess.Start("PostgreSQL", command[0], command.Skip(1), Log);
    }

    private static async Task GiveAwayAsync(string[] paths, CancellationToken cancellation)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", [$"{UnprivilegedUser}:", .. paths], cancellation);
        }
    }

    /// <summary>
    /// The user that the server runs as, with the one capability to look through folders that are only root's (a data folder is often below root's
    /// home), and the parent-death signal, which the kernel forgets when the user changes.
    /// </summary>
    private static string[] AsServerUser() => Environment.IsPrivilegedProcess
        ? ["setpriv", $"--reuid={UnprivilegedUser}", $"--regid={UnprivilegedUser}", "--init-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--pdeathsig=KILL", "--"]
        : ["setpriv", "--pdeathsig=KILL", "--"];

    private static async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var result = await CommandRunner.CaptureAsync(program, arguments, cancellation: cancellation);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed with code {result.ExitCode}: {result.Output}{result.Error}");
        }
    }

    private async Task InitializeAsync(string password, CancellationToken cancellation)
    {
        var passwordFile = Path.Combine(_folder, "password");
        PrivateFile.Write(passwordFile, password);
        await GiveAwayAsync([passwordFile], cancellation);
        string[] command =
        [
            .. AsServerUser(), Path.Combine(StandInTools.PostgresBinaries, "initdb"), $"--pgdata={Data}", $"--username={SuperUser}", $"--pwfile={passwordFile}",
            "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8",
        ];
        await RunAsync(command[0], command.Skip(1), cancellation);
        File.Delete(passwordFile);
        // The server's clients are pods, each with an address of its own in the loopback range.
        await File.AppendAllTextAsync(Path.Combine(Data, "pg_hba.conf"), "\nhost all all 127.0.0.0/8 scram-sha-256\n", cancellation);
    }
}
