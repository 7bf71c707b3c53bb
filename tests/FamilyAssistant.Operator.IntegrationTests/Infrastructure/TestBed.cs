using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using FamilyAssistant.Operator.Reconciliation;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>A cluster with the operator on it: what a test of the operator works with.</summary>
public sealed class TestBed : IAsyncDisposable
{
    private TestBed(Cluster cluster)
    {
        Cluster = cluster;
        Client = cluster.CreateClient();
        Objects = new ObjectAccess(cluster.Access.KubeconfigFile);
        AuditStart = cluster.Capabilities.IsOwned ? cluster.Audit.Position : 0;
    }

    /// <summary>The cluster.</summary>
    public Cluster Cluster { get; }

    /// <summary>A client with the administrator's credentials.</summary>
    public IKubernetes Client { get; }

    /// <summary>Objects of any kind, with the administrator's credentials.</summary>
    public ObjectAccess Objects { get; }

    /// <summary>The operator; null while none runs.</summary>
    public IRunningOperator? Operator { get; set; }

    /// <summary>Where the audit log was before the operator's first request.</summary>
    public long AuditStart { get; }

    /// <summary>Installs <c>deploy/base</c> and returns once the operator runs under its ServiceAccount: in its pods, or, where none run, as a process.</summary>
    public static async Task<TestBed> InstallAsync(Cluster cluster, Action<string> progress)
    {
        if (!cluster.Capabilities.RunsPods)
        {
            var bare = await PrepareAsync(cluster);
            bare.Operator = await OperatorProcess.StartAsync(cluster, "operator");
            return bare;
        }

        var bed = new TestBed(cluster);
        await cluster.InstallOperatorAsync(new OperatorInstallOptions { Progress = progress });
        bed.Operator = new OperatorPods(cluster, bed.Client);
        return bed;
    }

    /// <summary>Applies a folder of <c>deploy/</c> and no more: where no pods run, a test starts and kills operators itself with <see cref="OperatorProcess"/>.</summary>
    public static async Task<TestBed> PrepareAsync(Cluster cluster, string folder = "base")
    {
        // kubectl of a server without CEL knows no rules in CEL and would refuse the definition for them; the server itself drops them.
        var validate = cluster.Capabilities.HasCel ? "--validate=true" : "--validate=false";
        (await cluster.KubectlAsync("apply", validate, "-k", Path.Combine(RepositoryRoot.Find(), "deploy", folder))).OutputOrThrow($"kubectl apply -k deploy/{folder}");
        (await cluster.KubectlAsync("wait", "--for=condition=Established", "--timeout=60s", $"crd/{Kinds.Instance.Plural}.{Kinds.Instance.Group}", $"crd/{Kinds.Operation.Plural}.{Kinds.Operation.Group}")).OutputOrThrow("waiting for the definitions");
        return new TestBed(cluster);
    }

    /// <summary>Makes a namespace that ends with the test.</summary>
    public Task<TestNamespace> CreateNamespaceAsync(IDictionary<string, string>? labels = null) => TestNamespace.CreateAsync(Cluster, Client, labels);

    /// <summary>What an instance would live in, and then the instance itself.</summary>
    public async Task<TestInstance> CreateAsync(TestNamespace ns, InstanceBuilder builder)
    {
        await builder.CreateObjectsAsync(this, ns.Name);
        await Objects.CreateAsync(TestInstance.Type, ns.Name, builder.Manifest);
        return new TestInstance(this, ns.Name, builder.Name);
    }

    /// <summary>Requests of the operator from a position of the audit log on; of one namespace, or of all.</summary>
    public async Task<IReadOnlyList<AuditRecord>> RequestsAsync(long from, string? ns = null) =>
        [.. (await Cluster.Audit.ReadAsync(from, TestContext.Current.CancellationToken)).Where(record => record.User == OperatorNames.User() && (ns is null || record.Namespace == ns))];

    /// <summary>How often the operator made each object of a namespace, as <c>services/home</c>; events are left out.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CreatesAsync(TestNamespace ns) => (await RequestsAsync(AuditStart, ns.Name))
        .Where(record => record is { Code: 201, Resource: not "events" })
        .GroupBy(record => $"{record.Resource}/{record.Name}")
        .ToDictionary(made => made.Key, made => made.Count());

    /// <summary>The operator's last words.</summary>
    public Task<string> LogTailAsync(int lines = 40) => Operator?.LogTailAsync(lines) ?? Task.FromResult("(no operator runs)");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Operator is not null)
        {
            await Operator.DisposeAsync();
        }

        Objects.Dispose();
        Client.Dispose();
    }
}
