using System.Text.Json;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Owned;
using FamilyAssistant.Operator.Tests.Api;
using FamilyAssistant.Operator.Tests.Fakes;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

/// <summary>The desired objects, word by word. A changed pod template restarts every managed database at the next upgrade of the operator: look twice before updating these files.</summary>
public sealed class ManagedDatabaseGoldenTests
{
    private static readonly ObjectKey Key = new("home", "fa");
    private static readonly DatabaseOptions Options = new("family-assistant-system");

    [Fact]
    public void A_minimal_server() => Golden.ShouldMatch("database-minimal", Manifests(Specs.Spec(("database", """{"managed": {}}"""), ("imagePullSecrets", "null"))));

    [Fact]
    public void A_complete_server() => Golden.ShouldMatch("database-complete", Manifests(Specs.Spec(
        ("database.managed.image", "\"registry.example.com/pgvector:pg16\""),
        ("database.managed.storage", "\"100Gi\""),
        ("database.managed.storageClassName", "\"fast\""),
        ("database.managed.resources.requests", """{"cpu": "500m", "memory": "1Gi"}"""),
        ("database.managed.resources.limits", """{"memory": "2Gi"}"""))));

    /// <summary>Otherwise the object would be applied again at every look.</summary>
    [Fact]
    public void What_was_applied_is_as_desired()
    {
        foreach (var manifest in Manifests(Specs.Spec()))
        {
            using var json = JsonDocument.Parse(manifest.Json);
            Coverage.IsCovered(json.RootElement, json.RootElement).ShouldBeTrue(manifest.Type.Kind);
        }
    }

    private static Manifest[] Manifests(InstanceSpec spec)
    {
        var database = spec.Database.Managed!;
        return
        [
            ManagedDatabaseManifest.Password(Key, "generated"),
            ManagedDatabaseManifest.Claim(Key, database, new ResourceQuantity(database.Storage)),
            ManagedDatabaseManifest.ServiceAccount(Key),
            ManagedDatabaseManifest.Service(Key),
            ManagedDatabaseManifest.NetworkPolicy(Key, Options),
            ManagedDatabaseManifest.StatefulSet(Key, spec, database),
            DatabaseManifest.Url(Key, DatabasePlan.Managed("home", "fa", "generated")),
        ];
    }
}
