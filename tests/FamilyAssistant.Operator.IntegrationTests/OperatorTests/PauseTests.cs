using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>The pause annotation: hands off, and still report.</summary>
public sealed class PauseTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Fact]
    public async Task A_paused_instance_is_watched_and_reported_and_nothing_but_its_status_is_written_until_it_goes_on()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("replicas", 0));
        await instance.WaitUntilReadyAsync();
        await instance.AnnotateAsync(WireNames.PausedAnnotation, "true");
        await instance.WaitForAsync(i => i.Status!.Phase == "Paused", "the phase Paused");
        var from = Bed.Cluster.Audit.Position;

        // Each of these would be answered with a write.
        await Bed.Objects.DeleteAsync(ResourceTypes.Service, ns.Name, "home");
        await Bed.Objects.PatchAsync(ResourceTypes.StatefulSet, ns.Name, "home", """{"spec":{"replicas":3}}""");
        await instance.SetSecretAsync(InstanceBuilder.KeysSecret, ("OPENROUTER_API_KEY", "changed"));
        await instance.SetAsync("timezone", "Australia/Sydney");
        // What it sees it still says.
        await instance.SetSecretAsync(InstanceBuilder.DatabaseSecret, ("password", "wrong"));
        await instance.WaitForAsync(ConditionTypes.DatabaseReady, "False", "AuthenticationFailed");

        (await WritesAsync(from, ns.Name)).Where(record => record.Subresource != "status" && record.Resource != "events").ShouldBeEmpty();
        (await Bed.Objects.FindAsync(ResourceTypes.Service, ns.Name, "home")).ShouldBeNull();

        await instance.SetSecretAsync(InstanceBuilder.DatabaseSecret, ("password", await PasswordAsync(ns)));
        await instance.AnnotateAsync(WireNames.PausedAnnotation, null);
        await instance.WaitUntilReadyAsync();
        (await Bed.Objects.FindAsync(ResourceTypes.Service, ns.Name, "home")).ShouldNotBeNull();
        (await Bed.Objects.GetAsync(ResourceTypes.StatefulSet, ns.Name, "home"))["spec"]!["replicas"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task An_instance_that_is_created_paused_gets_no_object_and_no_finalizer()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Nowhere().Annotated(WireNames.PausedAnnotation, "true"));

        var seen = await instance.WaitForAsync(i => i.Status!.Phase == "Paused", "the phase Paused");

        seen.Metadata.Finalizers.ShouldBeNull();
        TestInstance.Of(seen, ConditionTypes.Ready)!.Status.ShouldBe("False");
        (await Bed.Objects.ListAsync(ResourceTypes.Secret, ns.Name, WireNames.InstanceLabel)).ShouldBeEmpty();
        await instance.DeleteAsync();
        await instance.WaitUntilGoneAsync();
    }

    private async Task<IReadOnlyList<AuditRecord>> WritesAsync(long from, string ns) => [.. (await Bed.RequestsAsync(from, ns)).Where(record => record.IsWrite)];

    /// <summary>The right password, out of the URL that the operator handed out before.</summary>
    private async Task<string> PasswordAsync(TestNamespace ns)
    {
        var url = (await Bed.Objects.GetAsync(ResourceTypes.Secret, ns.Name, "home-database"))["data"]!["DATABASE_URL"]!.GetValue<string>();
        var text = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(url));
        return Uri.UnescapeDataString(new Uri(text).UserInfo.Split(':', 2)[1]);
    }
}
