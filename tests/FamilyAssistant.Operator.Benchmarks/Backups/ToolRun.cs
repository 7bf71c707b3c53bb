using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Postgres;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using FamilyAssistant.Operator.Reconciliation.Sets;

namespace FamilyAssistant.Operator.Benchmarks.Backups;

/// <summary>Runs the scripts as their Jobs do (user 1001, a mounted volume, values by environment) and the plain programs beside them; every time in seconds.</summary>
internal sealed class ToolRun(PostgresServer server, string folder, string database, string target)
{
    private const string Instance = "home";
    private const string SetId = "20261126t020000z-01234567";
    private const int User = 1001;
    private const string RestoreId = "0a1b2c3d";

    private string Dump => Path.Combine(folder, "plain", "database.dump");

    private string SetFolder => Path.Combine(folder, "sets", Instance, SetId);

    /// <summary>Reading of the last set after it was made.</summary>
    public double ProofSeconds { get; private set; }

    /// <summary>The restore in the last verification, without making its server; whole seconds, as the script counts them.</summary>
    public double TestRestoreSeconds { get; private set; }

    /// <summary>Size of the dump.</summary>
    public long DumpBytes { get; private set; }

    /// <summary>Makes the folders and the operator's half of the manifest.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        foreach (var name in (string[])["sets", "plain", "input", "scratch", "data"])
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        var manifest = new JsonObject
        {
            ["schemaVersion"] = SetManifest.CurrentSchemaVersion,
            ["setId"] = SetId,
            ["instance"] = new JsonObject { ["namespace"] = "default", ["name"] = Instance, ["uid"] = Guid.NewGuid().ToString() },
            ["createdAt"] = "2026-11-26T02:00:00Z",
            ["include"] = new JsonArray("Database"),
        };
        await File.WriteAllTextAsync(Path.Combine(folder, "input", ToolEnvironment.ManifestFile), manifest.ToJsonString(), ct);
        if (Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
            foreach (var name in (string[])["sets", "plain", "input", "scratch", "data"])
            {
                (await CommandRunner.CaptureAsync("chown", ["-R", $"{User}:{User}", Path.Combine(folder, name)], cancellation: ct)).OutputOrThrow("chown");
            }
        }
    }

    /// <summary>Makes a set: the time until it has its name. What the script does afterwards is in <see cref="ProofSeconds"/>.</summary>
    public async Task<double> BackUpAsync(CancellationToken ct)
    {
        if (Directory.Exists(SetFolder))
        {
            Directory.Delete(SetFolder, recursive: true);
        }

        var began = TimeProvider.System.GetUtcNow();
        var (seconds, _) = await ScriptAsync(ToolScripts.Backup, database, [(ToolEnvironment.Include, "Database"), (ToolEnvironment.Verify, "Read")], ct);
        // The manifest is the last file of a set.
        var made = (new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(SetFolder, "manifest.json")), TimeSpan.Zero) - began).TotalSeconds;
        ProofSeconds = seconds - made;
        DumpBytes = new FileInfo(Path.Combine(SetFolder, "database.dump")).Length;
        return made;
    }

    /// <summary>Reads the set and restores it into a server of its own.</summary>
    public async Task<double> VerifyAsync(CancellationToken ct)
    {
        var (seconds, result) = await ScriptAsync(ToolScripts.Verify, database, [(ToolEnvironment.Verify, "Restore")], ct);
        TestRestoreSeconds = result.GetProperty("verified").GetProperty("restoreSeconds").GetDouble();
        return seconds;
    }

    /// <summary>Replaces the target by the set: a new database, the comparison of its rows, and the swap.</summary>
    public async Task<double> RestoreAsync(CancellationToken ct)
    {
        var (seconds, _) = await ScriptAsync(ToolScripts.RestoreDatabase, target, [(ToolEnvironment.Uid8, RestoreId), (ToolEnvironment.ReplaceData, "true"), (ToolEnvironment.Mode, "Auto")], ct);
        return seconds;
    }

    /// <summary>Drops what a restore set aside.</summary>
    public async Task ForgetAsync(CancellationToken ct)
    {
        await server.DropDatabaseAsync($"{target}_before_{RestoreId}", ct);
        await server.DropDatabaseAsync("plain", ct);
        await server.DropDatabaseAsync(target, ct);
        await server.CreateDatabaseAsync(target, server.SuperUser, server.SuperPassword, withVector: true, ct);
    }

    /// <summary>What somebody would do without the operator: the same format and compression, to a file.</summary>
    public Task<double> DumpAsync(CancellationToken ct)
    {
        File.Delete(Dump);
        return PlainAsync("pg_dump", ["--format=custom", "--compress=9", "--no-password", $"--file={Dump}", database], ct);
    }

    /// <summary>Reads the plain dump to its end.</summary>
    public Task<double> ReadAsync(CancellationToken ct) => PlainAsync("pg_restore", ["--file=/dev/null", Dump], ct);

    /// <summary>Restores the plain dump into a new database of the same server.</summary>
    public async Task<double> PlainRestoreAsync(CancellationToken ct)
    {
        var made = await PlainAsync("createdb", ["--no-password", "--template=template0", "plain"], ct);
        return made + await PlainAsync("pg_restore", ["--no-owner", "--no-acl", "--exit-on-error", "--no-password", "--dbname=plain", Dump], ct);
    }

    private async Task<(double Seconds, JsonElement Result)> ScriptAsync(string script, string name, IEnumerable<(string Name, string Value)> variables, CancellationToken ct)
    {
        var file = Path.Combine(folder, "scratch", "result");
        File.Delete(file);
        var environment = Connection(name);
        environment["HOSTNAME"] = "bench-0";
        environment["FA_SET_ROOT"] = Path.Combine(folder, "sets");
        environment["FA_DATA_ROOT"] = Path.Combine(folder, "data");
        environment["FA_INPUT"] = Path.Combine(folder, "input");
        environment["FA_SCRATCH"] = Path.Combine(folder, "scratch");
        environment["FA_RESULT_FILE"] = file;
        environment[ToolEnvironment.Instance] = Instance;
        environment[ToolEnvironment.Set] = SetId;
        foreach (var (variable, value) in variables)
        {
            environment[variable] = value;
        }

        var (seconds, ended) = await TimeAsync(["bash", "-c", script], environment, ct);
        var result = File.Exists(file) ? JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(file, ct)) : default;
        return result.ValueKind == JsonValueKind.Object && result.GetProperty("outcome").GetString() == "Succeeded"
            ? (seconds, result)
            : throw new InvalidOperationException($"a script ended with code {ended.ExitCode} and {result}: {ended.Error}");
    }

    private async Task<double> PlainAsync(string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        var (seconds, ended) = await TimeAsync([Path.Combine(StandInTools.PostgresBinaries, program), .. arguments], Connection(database), ct);
        ended.OutputOrThrow(program);
        return seconds;
    }

    private static async Task<(double Seconds, CommandResult Ended)> TimeAsync(string[] command, Dictionary<string, string> environment, CancellationToken ct)
    {
        // A server of PostgreSQL refuses to be root's, and so does a Job.
        string[] whole = Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "--", .. command] : command;
        var began = TimeProvider.System.GetTimestamp();
        var ended = await CommandRunner.CaptureAsync(whole[0], whole.Skip(1), environment, ct);
        return (TimeProvider.System.GetElapsedTime(began).TotalSeconds, ended);
    }

    private Dictionary<string, string> Connection(string name) => new()
    {
        ["PATH"] = $"{StandInTools.PostgresBinaries}:/usr/bin:/bin",
        [ToolEnvironment.Host] = server.Host,
        [ToolEnvironment.Port] = $"{server.Port}",
        [ToolEnvironment.Database] = name,
        [ToolEnvironment.User] = server.SuperUser,
        [ToolEnvironment.Password] = server.SuperPassword,
        [ToolEnvironment.SslMode] = "disable",
    };
}
