using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.TestData;
using Npgsql;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>An instance with rows and files, a backup of them, and other rows and files since: what a restore finds, and what has to be there again when it comes to nothing.</summary>
public sealed class RestoreScene
{
    /// <summary>Name of the backup.</summary>
    public const string Good = "good";

    private readonly TestBed _bed;
    private (DatabaseChecksums Rows, IReadOnlyDictionary<string, string> Files)? _before;

    private RestoreScene(TestBed bed, TestInstance instance, ExternalDatabase database)
    {
        _bed = bed;
        Instance = instance;
        Database = database;
    }

    /// <summary>The instance.</summary>
    public TestInstance Instance { get; }

    /// <summary>Its database.</summary>
    public ExternalDatabase Database { get; }

    /// <summary>What was there when the backup was made.</summary>
    public DatabaseChecksums Saved { get; private set; } = null!;

    /// <summary>The rows before the restore.</summary>
    public DatabaseChecksums Before => _before.ShouldNotBeNull().Rows;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Files => _bed.Cluster.Node.VolumeFolder(Instance.Namespace, ObjectNames.DataClaim(Instance.Name)).ShouldNotBeNull();

    private string Connection => Database.Server.ConnectionString(Database.Name);

    /// <summary>Makes the instance with its first rows and files.</summary>
    /// <param name="bed">The cluster.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="mayCreateDatabases">Whether its role may, so that a restore swaps databases.</param>
    /// <param name="build">Makes it another one.</param>
    /// <param name="database">Its database. Default: one of the PostgreSQL outside the cluster.</param>
    public static async Task<RestoreScene> CreateAsync(TestBed bed, TestNamespace ns, bool mayCreateDatabases = true, Func<InstanceBuilder, InstanceBuilder>? build = null, ExternalDatabase? database = null)
    {
        var on = database ?? await ExternalDatabase.CreateAsync(bed);
        if (mayCreateDatabases)
        {
            // The extension of this machine's PostgreSQL is only a superuser's to create.
            await on.Server.ExecuteAsync($"ALTER ROLE {on.Name} SUPERUSER", cancellation: Cancellation);
        }

        await TestBackup.CreateClaimAsync(bed, ns.Name);
        var builder = InstanceBuilder.External(on).With("backup.volume.existingClaim", TestBackup.Claim);
        var instance = await bed.CreateAsync(ns, build?.Invoke(builder) ?? builder);
        await instance.WaitUntilReadyAsync();
        var scene = new RestoreScene(bed, instance, on);
        await ApplicationData.FillAsync(scene.Connection, 1, cancellation: Cancellation);
        await ApplicationFiles.WriteAsync(scene.Files, 1, cancellation: Cancellation);
        return scene;
    }

    /// <summary>The same, with the backup and the changes since.</summary>
    public static async Task<RestoreScene> PrepareAsync(TestBed bed, TestNamespace ns, bool mayCreateDatabases = true, Func<InstanceBuilder, InstanceBuilder>? build = null, ExternalDatabase? database = null)
    {
        var scene = await CreateAsync(bed, ns, mayCreateDatabases, build, database);
        await scene.SaveAsync();
        await scene.ChangeAsync();
        return scene;
    }

    /// <summary>The same, with an image that cannot migrate the set.</summary>
    public static async Task<RestoreScene> PrepareDoomedAsync(TestBed bed, TestNamespace ns, bool mayCreateDatabases = true)
    {
        var scene = await CreateAsync(bed, ns, mayCreateDatabases, builder => builder.With("image", "ghcr.io/werdnum/family-assistant:failing-migration"));

        // The set is of the revision before the one that cannot be reached; the instance itself is there.
        await scene.Database.ScalarAsync<object>("UPDATE alembic_version SET version_num = 'add_a2a_tasks'");
        await scene.SaveAsync();
        await scene.Database.ScalarAsync<object>("UPDATE alembic_version SET version_num = 'add_broken_index'");
        await scene.ChangeAsync();
        return scene;
    }

    /// <summary>Makes the backup.</summary>
    public async Task SaveAsync()
    {
        await (await TestBackup.CreateAsync(Instance, Good)).WaitUntilCompletedAsync();
        Saved = await RowsAsync();
    }

    /// <summary>Other rows and other files than in the set.</summary>
    public async Task ChangeAsync()
    {
        await Database.ScalarAsync<object>("DELETE FROM notes");
        await ApplicationData.FillAsync(Connection, 1, seed: 2, cancellation: Cancellation);
        await ApplicationFiles.WriteAsync(Files, 1, seed: 2, cancellation: Cancellation);
        _before = (await RowsAsync(), await ApplicationFiles.ReadAsync(Files, Cancellation));
    }

    /// <summary>The rows as they are.</summary>
    public Task<DatabaseChecksums> RowsAsync() => DatabaseChecksums.ReadAsync(Connection, Cancellation);

    /// <summary>What differs from the rows before the restore.</summary>
    public async Task<IReadOnlyList<string>> ChangedRowsAsync() => [.. (await RowsAsync()).Differences(Before)];

    /// <summary>Keeps pods of Jobs whose names end so, or with an empty text the application, from starting.</summary>
    public IDisposable Hold(string job) => _bed.Cluster.Node.HoldPods(pod => pod.Metadata.NamespaceProperty == Instance.Namespace && IsOf(pod, job));

    /// <summary>Waits until such a pod is there.</summary>
    public Task WaitForPodAsync(string job) => Instance.WaitForAsync(
        async () => (await _bed.Client.CoreV1.ListNamespacedPodAsync(Instance.Namespace, cancellationToken: Cancellation)).Items.Any(pod => IsOf(pod, job) && pod.Metadata.DeletionTimestamp is null),
        $"a pod of {(job.Length > 0 ? job : "the application")}");

    /// <summary>Locks a table until the result is disposed: who reads it waits in the middle of its work.</summary>
    public async Task<NpgsqlConnection> LockAsync(string table = "notes")
    {
        var guest = new NpgsqlConnection(Connection);
        await guest.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", guest);
        await command.ExecuteNonQueryAsync(Cancellation);
        return guest;
    }

    /// <summary>Waits until a session does this.</summary>
    /// <param name="query">Condition on <c>pg_stat_activity</c>.</param>
    /// <param name="what">The same in words.</param>
    public Task WaitForSessionAsync(string query, string what) => Instance.WaitForAsync(
        () => Database.Server.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'family-assistant-backup' AND {query})", cancellation: Cancellation), what);

    /// <summary>The instance runs, and rows, files and databases are as they were before the restore.</summary>
    /// <param name="hasCrashed">The server did, so that a sequence may be a few ahead.</param>
    public async Task ShouldBeAsBeforeAsync(bool hasCrashed = false)
    {
        await ShouldRunAsync();
        await DataShouldBeAsBeforeAsync(hasCrashed);
    }

    /// <summary>The instance is Ready on one pod, and nobody has a turn on it.</summary>
    public async Task ShouldRunAsync()
    {
        await Instance.WaitUntilReadyAsync();
        (await Instance.PodsAsync()).ShouldHaveSingleItem().Status.ContainerStatuses.ShouldAllBe(container => container.Ready);
        (await Instance.ReadAsync()).Metadata.Annotations?.ContainsKey(WireNames.OperationAnnotation).ShouldBeFalse();
    }

    /// <summary>Rows, files and databases are as they were before the restore, with nothing left beside them.</summary>
    /// <param name="hasCrashed">The server did, so that a sequence may be a few ahead.</param>
    public async Task DataShouldBeAsBeforeAsync(bool hasCrashed = false)
    {
        var (rows, files) = _before.ShouldNotBeNull();
        rows.Differences(await RowsAsync()).Where(line => !hasCrashed || !line.StartsWith("sequence ", StringComparison.Ordinal)).ShouldBeEmpty();

        // The application writes these again at each start.
        ApplicationFiles.Differences(files, await ApplicationFiles.ReadAsync(Files, Cancellation)).Where(line => !line.Contains("/.last-start:", StringComparison.Ordinal)).ShouldBeEmpty();
        Directory.GetFileSystemEntries(Files, ".*").Select(Path.GetFileName).ShouldNotContain(name => name!.StartsWith(".before-") || name.StartsWith(".restore-"));
        (await Database.Server.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname LIKE '{Database.Name}%'", cancellation: Cancellation)).ShouldBe(1);
    }

    private static bool IsOf(V1Pod pod, string job) => pod.Metadata.Labels is { } labels
        && (job.Length == 0 ? labels.TryGetValue(WireNames.ComponentLabel, out var component) && component == Reconciliation.Components.App : labels.TryGetValue("job-name", out var name) && name.EndsWith(job, StringComparison.Ordinal));
}
