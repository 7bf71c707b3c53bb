using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Postgres;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>A PostgreSQL and folders for tests that run the scripts of the Jobs as they are, without a cluster.</summary>
public sealed class SetTools : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sets-").FullName;
    private int _names;

    public PostgresServer Postgres { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await StandInTools.EnsureAsync(line => Console.Error.WriteLine($"sets: {line}"));
        // The scripts run as another user, who has to come through.
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.OtherRead | UnixFileMode.GroupRead);
        Postgres = await PostgresServer.StartAsync(Path.Combine(_folder, "postgres"));
    }

    /// <summary>A database with its owner for one test, and folders in place of the volumes.</summary>
    /// <param name="createdb">Whether the role may create databases.</param>
    /// <param name="superuser">Whether it may do everything, as in the managed database.</param>
    /// <param name="password">Its password.</param>
    /// <param name="withVector">Whether the extension is there.</param>
    public async Task<SetWorld> CreateAsync(bool createdb = true, bool superuser = false, string password = "canary-of-the-database", bool withVector = true)
    {
        var name = $"set_{Interlocked.Increment(ref _names)}";
        await Postgres.CreateDatabaseAsync(name, name, password, withVector);
        await Postgres.ExecuteAsync($"ALTER ROLE {name} {(createdb ? "CREATEDB" : "NOCREATEDB")} {(superuser ? "SUPERUSER" : "NOSUPERUSER")}");
        return await SetWorld.CreateAsync(Postgres, Path.Combine(_folder, name), name, password);
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await CommandRunner.CaptureAsync("rm", ["-rf", _folder]);
    }
}

[CollectionDefinition(Name)]
public sealed class SetCollection : ICollectionFixture<SetTools>
{
    public const string Name = "sets";
}
