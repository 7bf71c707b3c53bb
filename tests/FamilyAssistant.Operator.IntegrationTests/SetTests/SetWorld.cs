using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Postgres;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using FamilyAssistant.Operator.LocalCluster.TestData;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>Folders in place of the volumes of a Job, and its environment.</summary>
public sealed class SetWorld
{
    public const string SetId = "20261126t020000z-3f2a9c1b";
    public const string Passphrase = "canary of the \"passphrase\" $(id) ä";
    private const int User = 1001;
    private static int _pods;

    private SetWorld(PostgresServer server, string folder, string name, string password)
    {
        Server = server;
        Folder = folder;
        Name = name;
        Password = password;
        Environment = new Dictionary<string, string>
        {
            [ToolEnvironment.Host] = server.Host, [ToolEnvironment.Port] = $"{server.Port}", [ToolEnvironment.Database] = name, [ToolEnvironment.User] = name, [ToolEnvironment.Password] = password,
            [ToolEnvironment.Instance] = "family", [ToolEnvironment.Set] = SetId, [ToolEnvironment.Include] = "Database Files Configuration Secrets", [ToolEnvironment.Uid8] = "deadbeef",
            [ToolEnvironment.WaitSeconds] = "60",
            ["FA_SET_ROOT"] = SetRoot, ["FA_DATA_ROOT"] = Data, ["FA_INPUT"] = Input, ["FA_PASSPHRASE_FILE"] = Path.Combine(folder, "passphrase"), ["FA_SCRATCH"] = Path.Combine(folder, "scratch"),
        };
    }

    public PostgresServer Server { get; }

    public string Folder { get; }

    public string Name { get; }

    public string Password { get; }

    public Dictionary<string, string> Environment { get; }

    public string SetRoot => Path.Combine(Folder, "set");

    public string Home => Path.Combine(SetRoot, "family");

    public string Set => Path.Combine(Home, SetId);

    public string Data => Path.Combine(Folder, "data");

    public string Input => Path.Combine(Folder, "input");

    /// <summary>What is in the folder of the instance.</summary>
    public IEnumerable<string> Sets => Directory.Exists(Home) ? Directory.EnumerateFileSystemEntries(Home).Select(entry => Path.GetFileName(entry)!) : [];

    internal static async Task<SetWorld> CreateAsync(PostgresServer server, string folder, string name, string password)
    {
        var world = new SetWorld(server, folder, name, password);
        foreach (var part in (string[])["set", "data", "input", "scratch"])
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
        }

        Directory.CreateDirectory(Path.Combine(world.Data, "documents"));
        await File.WriteAllTextAsync(Path.Combine(world.Data, "documents", "größer \"als\"\n$(id).txt"), "hello");
        await File.WriteAllTextAsync(Path.Combine(folder, "passphrase"), Passphrase + "\n");
        await File.WriteAllTextAsync(Path.Combine(world.Input, ToolEnvironment.ConfigurationFile), """{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}]}""");
        await File.WriteAllTextAsync(Path.Combine(world.Input, ToolEnvironment.SecretsFile), """{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"key":"canary-of-a-secret"}}]}""");
        await File.WriteAllTextAsync(Path.Combine(world.Input, ToolEnvironment.SealKeyFile), SealedParts.NewKey());
        await File.WriteAllBytesAsync(Path.Combine(world.Input, ToolEnvironment.ManifestFile), SetJson.Serialise(new SetManifest
        {
            SchemaVersion = 1, SetId = SetId, Instance = new SetInstance("home", "family", "uid"), CreatedAt = "2026-11-26T02:00:00Z",
            Include = [Api.Backups.BackupPart.Database, Api.Backups.BackupPart.Files, Api.Backups.BackupPart.Configuration, Api.Backups.BackupPart.Secrets],
        }));
        await world.GiveAwayAsync();
        return world;
    }

    /// <summary>Gives the folders to the user of the pods.</summary>
    public async Task GiveAwayAsync()
    {
        if (System.Environment.IsPrivilegedProcess)
        {
            (await CommandRunner.CaptureAsync("chown", ["-R", $"{User}:{User}", Folder])).ExitCode.ShouldBe(0);
        }
    }

    /// <summary>Runs statements as the owner.</summary>
    public async Task SqlAsync(string sql, string? database = null)
    {
        await using var connection = new Npgsql.NpgsqlConnection(Server.ConnectionString(database ?? Name, Name, Password));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public Task<DatabaseChecksums> ChecksumsAsync(string? database = null) => DatabaseChecksums.ReadAsync(Server.ConnectionString(database ?? Name), TestContext.Current.CancellationToken);

    /// <summary>Names of the databases that belong to this world.</summary>
    public async Task<string> DatabasesAsync() =>
        await Server.ScalarAsync<string>($"SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname = '{Name}' OR datname LIKE '{Name}\\_%'", cancellation: TestContext.Current.CancellationToken) ?? "";

    /// <summary>A set of the database and the files as they are.</summary>
    public async Task MakeSetAsync() => (await RunAsync(ToolScripts.Backup)).Outcome.ShouldBe(ToolOutcome.Succeeded);

    /// <summary>Makes the manifest agree with a file that was put in the place of a part.</summary>
    public async Task SignAsync(string part, string file)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Set, file), TestContext.Current.CancellationToken);
        var manifest = Path.Combine(Set, "manifest.json");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken))!;
        var entry = json["parts"]!.AsArray().Single(one => (string?)one!["name"] == part)!;
        (entry["sizeBytes"], entry["sha256"]) = (bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        await File.WriteAllTextAsync(manifest, json.ToJsonString(), TestContext.Current.CancellationToken);
        await GiveAwayAsync();
    }

    internal async Task<ToolResult> RunAsync(string script, params (string Name, string Value)[] more)
    {
        await using var pod = Start(script, more);
        return await pod.ResultAsync();
    }

    /// <summary>Starts a script as a pod would: another user, a process namespace that ends as one.</summary>
    /// <param name="script">The script.</param>
    /// <param name="more">Variables beside or instead of the usual ones.</param>
    public ToolPod Start(string script, params (string Name, string Value)[] more)
    {
        var name = $"pod-{Interlocked.Increment(ref _pods)}";
        var result = Path.Combine(Folder, $"{name}.result");
        File.WriteAllText(result, "");
        File.SetUnixFileMode(result, (UnixFileMode)0b110_110_110);
        // As PID 2: whoever changes the user loses the signal that ends it with its parent, its init does not.
        string[] unprivileged = System.Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "--"] : [];
        var start = new ProcessStartInfo("bwrap", ["--dev-bind", "/", "/", "--proc", "/proc", "--unshare-pid", "--die-with-parent", "--", .. unprivileged, "bash", "-c", script])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        // In the environment and not in arguments of bwrap, which everybody sees.
        start.Environment.Clear();
        foreach (var (variable, value) in Environment.Concat(more.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))))
        {
            start.Environment[variable] = value;
        }

        start.Environment["HOSTNAME"] = name;
        start.Environment["FA_RESULT_FILE"] = result;
        start.Environment.TryAdd("PATH", $"{StandInTools.PostgresBinaries}:/usr/bin:/bin");
        return new ToolPod(ProcessSpawner.Start(start), result);
    }
}
