using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Backups and restores that cannot be meant are refused where they are written; where the API server knows no rules in CEL, the operator ends them with the same words.</summary>
public sealed class ProcedureAdmissionTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string SetId = "20261126t020000z-3f2a9c1b";

    public static TheoryData<string> Backups => [.. BadInputs.Backups.Select(row => row.What)];

    public static TheoryData<string> Restores => [.. BadInputs.Restores.Select(row => row.What)];

    private static JsonObject OfVolume => new() { ["source"] = new JsonObject { ["volume"] = new JsonObject { ["claimName"] = "sets", ["setId"] = SetId } } };

    [Theory]
    [MemberData(nameof(Backups))]
    public Task A_bad_backup_is_refused_with_its_field(string what) => RefusesAsync(Kinds.Backup, [], BadInputs.Backups.Single(row => row.What == what));

    [Theory]
    [MemberData(nameof(Restores))]
    public Task A_bad_restore_is_refused_with_its_field(string what) => RefusesAsync(Kinds.Restore, OfVolume, BadInputs.Restores.Single(row => row.What == what));

    [Fact]
    public async Task A_restore_of_two_sets_or_of_none_is_none()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Nowhere());
        var both = OfVolume;
        both["source"]!["backupRef"] = new JsonObject { ["name"] = "night" };
        foreach (var (name, spec) in ((string, JsonObject)[])[("both", both), ("neither", new JsonObject { ["source"] = new JsonObject() })])
        {
            if (Bed.Cluster.Capabilities.HasCel)
            {
                var refusal = await Should.ThrowAsync<RefusedException>(() => Bed.Objects.CreateAsync(Kinds.Restore, ns.Name, Manifest(name, spec)));
                refusal.Code.ShouldBe(422, refusal.Message);
                refusal.Message.ShouldContain("name exactly one of backupRef and volume");
            }
            else
            {
                await Bed.Objects.CreateAsync(Kinds.Restore, ns.Name, Manifest(name, spec));
                var status = await new TestRestore(instance, name).WaitUntilEndedAsync();
                status.Reason.ShouldBe("InvalidSpec");
                status.Message.ShouldNotBeNull().ShouldContain("spec.source: name exactly one of backupRef and volume");
            }
        }
    }

    /// <summary>They wait for an instance that is not there, so nothing of them has begun.</summary>
    [Fact]
    public async Task What_was_asked_for_is_not_edited()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        await Bed.Objects.CreateAsync(Kinds.Backup, ns.Name, Manifest("night", []));
        await Bed.Objects.CreateAsync(Kinds.Restore, ns.Name, Manifest("back", OfVolume));
        foreach (var (kind, name, noun) in ((ResourceType, string, string)[])[(Kinds.Backup, "night", "backup"), (Kinds.Restore, "back", "restore")])
        {
            await Wait.ForAsync(async () => await ReasonAsync(kind, ns.Name, name) == "InstanceNotFound", $"the wait of {noun} {name}");
            var edit = Bed.Objects.PatchAsync(kind, ns.Name, name, """{"spec":{"deadline":"7h"}}""");
            if (Bed.Cluster.Capabilities.HasCel)
            {
                var refusal = await Should.ThrowAsync<RefusedException>(() => edit);
                refusal.Code.ShouldBe(422, refusal.Message);
                refusal.Message.ShouldContain($"a {noun} cannot be changed: create another one");
            }
            else
            {
                await edit;
                await Wait.ForAsync(async () => await ReasonAsync(kind, ns.Name, name) == "SpecChanged", $"the end of {noun} {name}");
            }
        }
    }

    private static JsonObject Manifest(string name, JsonObject spec)
    {
        var whole = spec.DeepClone().AsObject();
        whole["instanceRef"] = new JsonObject { ["name"] = "home" };
        return new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = whole };
    }

    private async Task<string?> ReasonAsync(ResourceType kind, string ns, string name) => (string?)(await Bed.Objects.FindAsync(kind, ns, name))?["status"]?["reason"];

    private async Task RefusesAsync(ResourceType kind, JsonObject good, SpecChange bad)
    {
        var manifest = Manifest("asked", good);
        InstanceBuilder.Set(manifest["spec"]!.AsObject(), bad.Path, bad.Value);
        var refusal = await Should.ThrowAsync<RefusedException>(() => Bed.Objects.CreateAsync(kind, "default", manifest, dryRun: true));

        refusal.Code.ShouldBe(422, refusal.Message);
        refusal.Fields.ShouldContain(bad.Blamed, refusal.Message);
    }
}
