using System.Text.Json;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Owned;
using FamilyAssistant.Operator.Tests.Api;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

/// <summary>The desired objects, word by word. A changed pod template rolls every instance at the next upgrade of the operator: look twice before updating these files.</summary>
public sealed class ManifestGoldenTests
{
    private static readonly ObjectKey Key = new("home", "fa");

    [Fact]
    public void A_complete_instance()
    {
        var inputs = Inputs.Complete();
        var web = inputs.Spec.Web!;
        Golden.ShouldMatch(
            "workload-complete",
            WorkloadManifest.StatefulSet(inputs),
            WorkloadManifest.Service(Key),
            WorkloadManifest.ServiceAccount(Key),
            AccessManifest.NetworkPolicy(Key),
            AccessManifest.Web(Key, web),
            AccessManifest.Webhooks(Key, web.Webhooks!));
    }

    [Fact]
    public void A_minimal_instance()
    {
        var inputs = Inputs.Of(Minimal()) with { Secret = null, Config = null };
        Golden.ShouldMatch("workload-minimal", WorkloadManifest.StatefulSet(inputs));
    }

    [Fact]
    public void An_instance_with_its_own_keys_account_and_claim()
    {
        var inputs = Inputs.Of(Specs.Spec(("storage", """{"existingClaim": "mine"}"""), ("pod", """{"serviceAccountName": "mine"}""")));
        inputs = inputs with { Secret = Inputs.With(Inputs.With(inputs.Secret, "SESSION_SECRET_KEY", "own"), "VAPID_PRIVATE_KEY", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw") };
        Golden.ShouldMatch("workload-own", WorkloadManifest.StatefulSet(inputs));
    }

    /// <summary>Otherwise the object would be applied again at every look.</summary>
    [Fact]
    public void What_was_applied_is_as_desired()
    {
        var inputs = Inputs.Complete();
        Manifest[] manifests =
        [
            WorkloadManifest.StatefulSet(inputs),
            WorkloadManifest.Service(Key),
            AccessManifest.NetworkPolicy(Key),
            AccessManifest.Web(Key, inputs.Spec.Web!),
        ];
        foreach (var manifest in manifests)
        {
            using var json = JsonDocument.Parse(manifest.Json);
            Coverage.IsCovered(json.RootElement, json.RootElement).ShouldBeTrue(manifest.Type.Kind);
        }
    }

    private static InstanceSpec Minimal() => Specs.Spec([.. Specs.Json()
        .Select(field => field.Key)
        .Except(["image", "database"])
        .Select(field => (field, "null"))]);
}
