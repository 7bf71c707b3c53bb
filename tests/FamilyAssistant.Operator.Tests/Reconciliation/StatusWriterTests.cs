using System.Net;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

public sealed class StatusWriterTests
{
    private static readonly InstanceStatus Well = Make.Project(null, Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled()));
    private static readonly InstanceStatus Starting = Make.Project(null, Make.Reports(Make.Settled(), Make.Progressing("WaitingForVolume", "Moving.")));
    private static readonly InstanceStatus NeedsEdit = Make.Project(null, Make.Reports(Make.Blocked("WrongHost", "Edit it.", needsSpecChange: true)));

    private readonly StatusPort _port = new();

    [Fact]
    public async Task An_unchanged_status_causes_no_request_and_no_event()
    {
        await WriteAsync(Well, Well);

        _port.Patched.ShouldBeEmpty();
        _port.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_first_status_is_written_although_it_is_empty()
    {
        await WriteAsync(null, new InstanceStatus());

        _port.Patched.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_changed_status_is_written_once_whole_for_this_incarnation_and_remembered()
    {
        await WriteAsync(Starting, Well);

        var body = JsonNode.Parse(_port.Patched.ShouldHaveSingleItem())!;
        body["apiVersion"]!.GetValue<string>().ShouldBe("family-assistant.io/v1alpha1");
        body["kind"]!.GetValue<string>().ShouldBe("FamilyAssistantInstance");
        body["metadata"]!["name"]!.GetValue<string>().ShouldBe("assistant");
        body["metadata"]!["namespace"]!.GetValue<string>().ShouldBe("home");
        body["metadata"]!["uid"]!.GetValue<string>().ShouldBe(Make.Source().Uid, "the status of a deleted namesake must be refused");
        body["status"]!["phase"]!.GetValue<string>().ShouldBe("Running");
        body["status"]!["conditions"]!.AsArray().Count.ShouldBe(Well.Conditions.Count);
        _port.Remembered.ShouldHaveSingleItem().ResourceVersion.ShouldBe("2");
    }

    [Fact]
    public async Task What_is_no_longer_so_is_removed_by_an_explicit_null()
    {
        var before = Well with { Telegram = new TelegramStatus { BotId = "42" }, Database = new DatabaseStatus { Revision = "abc123", ServerVersion = "17.6" } };

        await WriteAsync(before, before with { Telegram = null, Database = new DatabaseStatus { ServerVersion = "17.6" } });

        var status = JsonNode.Parse(_port.Patched.ShouldHaveSingleItem())!["status"]!.AsObject();
        (status.ContainsKey("telegram"), status["telegram"]).ShouldBe((true, null));
        status["database"]!.ToJsonString().ShouldBe("""{"revision":null,"serverVersion":"17.6"}""");
    }

    [Fact]
    public async Task An_instance_that_is_gone_needs_no_status()
    {
        _port.Error = new ClusterApiException(ErrorClass.Terminal, HttpStatusCode.NotFound, "NotFound", "gone");

        await WriteAsync(Starting, Well);

        (_port.Remembered.Count, _port.Events.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Becoming_ready_is_an_event()
    {
        await WriteAsync(Starting, Well);

        _port.Events.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            e => e.Severity.ShouldBe(EventSeverity.Normal),
            e => e.Reason.ShouldBe("Ready"));
    }

    [Fact]
    public async Task Losing_readiness_is_a_warning_with_the_reason()
    {
        await WriteAsync(Well, Starting);

        _port.Events.ShouldHaveSingleItem().ShouldBe((EventSeverity.Warning, "WaitingForVolume", "StorageReady: Moving."));
    }

    [Fact]
    public async Task A_new_instance_on_its_way_causes_no_warning()
    {
        await WriteAsync(null, Starting);

        _port.Patched.Count.ShouldBe(1);
        _port.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_needed_edit_is_a_warning_although_the_instance_was_never_ready()
    {
        await WriteAsync(Starting, NeedsEdit);

        _port.Events.ShouldHaveSingleItem().Reason.ShouldBe("WrongHost");
    }

    [Fact]
    public async Task A_new_instance_that_waits_for_somebody_is_a_warning()
    {
        await WriteAsync(null, Make.Project(null, Make.Reports(Make.Blocked("SecretNotFound", "Create it."))));

        _port.Events.ShouldHaveSingleItem().ShouldBe((EventSeverity.Warning, "SecretNotFound", "SecretsValid: Create it."));
    }

    [Fact]
    public async Task Being_on_the_way_to_a_changed_spec_is_no_warning()
    {
        await WriteAsync(Well, Make.Project(Well, Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Progressing("RollingOut")), generation: 4));

        _port.Events.ShouldHaveSingleItem().Severity.ShouldBe(EventSeverity.Normal);
    }

    [Fact]
    public async Task A_changed_message_alone_is_written_but_is_no_event()
    {
        var reworded = Make.Project(null, Make.Reports(Make.Blocked("WrongHost", "Edit it, please.", needsSpecChange: true)));

        await WriteAsync(NeedsEdit, reworded);

        _port.Patched.Count.ShouldBe(1);
        _port.Events.ShouldBeEmpty();
    }

    private async Task WriteAsync(InstanceStatus? previous, InstanceStatus status) =>
        await new StatusWriter(_port, _port, _port).WriteAsync(Make.Source(), previous, status, TestContext.Current.CancellationToken);
}
