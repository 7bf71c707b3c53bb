using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Postgres;
using FamilyAssistant.Operator.LocalCluster.Telegram;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.StandInTests;

/// <summary>The stand-ins without a cluster: images, a PostgreSQL and a Bot API.</summary>
public sealed class StandIns : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("standins-").FullName;
    private int _names;

    public PostgresServer Postgres { get; private set; } = null!;

    public TelegramServer Telegram { get; private set; } = null!;

    public StandInImages Images { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await StandInTools.EnsureAsync(line => Console.Error.WriteLine($"stand-ins: {line}"));
        Telegram = await TelegramServer.StartAsync();
        Postgres = await PostgresServer.StartAsync(Path.Combine(_folder, "postgres"));
        Images = StandInImages.Create(new StandInImageOptions { WorkDirectory = _folder, TelegramBaseAddress = Telegram.BaseAddress });
    }

    /// <summary>A database with pgvector for one test.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(bool withVector = true)
    {
        var name = $"fa_{Interlocked.Increment(ref _names)}";
        // All that has a meaning in a URL or in SQL.
        const string password = "p@ss/w:o?r#d%41'\"\\ &+";
        await Postgres.CreateDatabaseAsync(name, name, password, withVector);
        return new TestDatabase(Postgres, name, password);
    }

    /// <summary>Runs the stand-in application of a tag.</summary>
    public Sandbox RunApplication(string tag, TestDatabase database, Dictionary<string, string>? environment = null, params string[] command) =>
        RunApplication(tag, new Dictionary<string, string>(environment ?? []) { ["DATABASE_URL"] = database.Url }, command);

    /// <summary>The same with exactly these variables.</summary>
    public Sandbox RunApplication(string tag, Dictionary<string, string> environment, params string[] command)
    {
        var image = Images.Find($"ghcr.io/werdnum/family-assistant:{tag}")!;
        return Sandbox.Start(image, NewFolder(), environment, command);
    }

    /// <summary>Runs a command in the application's image to its end; its output.</summary>
    public async Task<(int Code, string Output)> AlembicAsync(string tag, TestDatabase database, params string[] arguments)
    {
        await using var sandbox = RunApplication(tag, database, null, ["alembic", .. arguments]);
        return (await sandbox.WaitForExitAsync(), sandbox.Output);
    }

    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, $"run-{Interlocked.Increment(ref _names)}")).FullName;

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Telegram.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class StandInCollection : ICollectionFixture<StandIns>
{
    public const string Name = "stand-ins";
}
