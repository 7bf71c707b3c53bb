using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

/// <summary>The Database step over one instance, with a monitor that has seen what the test says.</summary>
internal sealed class DatabaseWorld : IDisposable
{
    private readonly DatabaseStep _step;
    private readonly DatabaseWaiters _waiters;

    public DatabaseWorld(string? database = null)
    {
        World = database is null ? new InstanceWorld() : new InstanceWorld(edits: ("database", database));
        World.Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), """{"metadata": {"creationTimestamp": "2026-01-02T00:00:00Z"} }""");
        World.Secret("db", ("username", "alice"), ("password", "canary"));
        _waiters = new DatabaseWaiters(Work, World.Time);
        _step = new DatabaseStep(Monitor, new DatabaseClaims(), _waiters, new DatabaseOptions("operators"), World.Cluster, World.Cluster, World.Events);
    }

    public static DatabaseObservation.Available Available { get; } = new("17.6", 170006, VectorSupport.Installed, ["6daf0237b0ba"]);

    public InstanceWorld World { get; }

    public FakeCluster Cluster => World.Cluster;

    public FakeDatabaseMonitor Monitor { get; } = new() { Seen = Available };

    public FakeWork Work { get; } = new();

    public Task<StepOutcome> RunAsync() => _step.ExecuteAsync(World.Pass(), TestContext.Current.CancellationToken).AsTask();

    /// <summary>The URL that the application gets.</summary>
    public string? Url() => Data("fa-database", "DATABASE_URL");

    public string? Data(string secret, string key) =>
        DataOf.ValueOf(DataOf.Secret(Cluster.Look(ResourceTypes.Secret, InstanceWorld.Key(secret))), key) is { } value ? System.Text.Encoding.UTF8.GetString(value) : null;

    public void Dispose() => _waiters.Dispose();
}
