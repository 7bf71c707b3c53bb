using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Api.Rules;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Api;

public sealed class SampleTests
{
    private const string OperationFolder = "deploy/samples/operations";
    private const string BackupFolder = "deploy/samples/backups";
    private const string RestoreFolder = "deploy/samples/restores";

    public static TheoryData<string> Samples =>
    [
        .. YamlFiles.Under("deploy/samples").Where(path => ((string[])[OperationFolder, BackupFolder, RestoreFolder]).All(folder => !path.StartsWith(folder, StringComparison.Ordinal))),
    ];

    public static TheoryData<string> Backups => [.. YamlFiles.Under(BackupFolder)];

    public static TheoryData<string> Restores => [.. YamlFiles.Under(RestoreFolder)];

    public static TheoryData<string> Operations => [.. YamlFiles.Under(OperationFolder)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_keeps_every_bound_and_rule_and_survives_the_records(string path) => Instances(path).SelectMany(InstanceFaults.Of).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_sample_of_an_operation_keeps_every_bound_and_survives_the_records(string path)
    {
        var operation = YamlFiles.Read(path).ShouldHaveSingleItem();
        var spec = operation["spec"]!.AsObject();

        ((string?)operation["kind"]).ShouldBe(FamilyAssistantOperation.KindName);
        SchemaRules.CheckProcedureName((string)operation["metadata"]!["generateName"]! + "x7k2p").ShouldBeEmpty();
        SchemaRules.CheckOperationJson(JsonSerializer.SerializeToElement(spec)).ShouldBeEmpty();
        var read = spec.Deserialize(ApiJsonContext.Default.OperationSpec)!;
        spec["dryRun"] ??= false;
        JsonNode.DeepEquals(JsonSerializer.SerializeToNode(read, ApiJsonContext.Default.OperationSpec), spec).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Backups))]
    public void A_sample_of_a_backup_keeps_every_bound_and_survives_the_records(string path)
    {
        var backup = YamlFiles.Read(path).ShouldHaveSingleItem();
        var spec = backup["spec"]!.AsObject();

        ((string?)backup["kind"]).ShouldBe(FamilyAssistantBackup.KindName);
        SchemaRules.CheckProcedureName((string)backup["metadata"]!["generateName"]! + "x7k2p").ShouldBeEmpty();
        SchemaRules.CheckBackupJson(JsonSerializer.SerializeToElement(spec)).ShouldBeEmpty();
        var read = spec.Deserialize(ApiJsonContext.Default.FamilyAssistantBackup.Properties.Single(property => property.Name == "spec").PropertyType, ApiJsonContext.Default)!;
        spec["verify"] ??= "Read";
        spec["deletionPolicy"] ??= "Retain";
        JsonNode.DeepEquals(JsonSerializer.SerializeToNode(read, read.GetType(), ApiJsonContext.Default), spec).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Restores))]
    public void A_sample_of_a_restore_keeps_every_bound_and_rule(string path)
    {
        var restore = YamlFiles.Read(path).ShouldHaveSingleItem();

        ((string?)restore["kind"]).ShouldBe(FamilyAssistantRestore.KindName);
        SchemaRules.CheckProcedureName((string)restore["metadata"]!["generateName"]! + "x7k2p").ShouldBeEmpty();
        SchemaRules.CheckRestoreJson(JsonSerializer.SerializeToElement(restore["spec"])).ShouldBeEmpty();
        RestoreRules.Check(restore.Deserialize(ApiJsonContext.Default.FamilyAssistantRestore)!.Spec).ShouldBeEmpty();
    }

    [Fact]
    public void Every_action_has_a_sample() =>
        YamlFiles.Under(OperationFolder).Select(path => (string)YamlFiles.Read(path).Single()["spec"]!["action"]!).Distinct().ShouldBe(Enum.GetNames<OperationAction>(), ignoreOrder: true);

    [Fact]
    public void A_complete_spec_survives_the_records_without_loss() => InstanceFaults.LostBy(Specs.Json()).ShouldBeEmpty();

    [Fact]
    public void What_is_wrong_with_an_instance_is_found()
    {
        var instance = Instance("deploy/samples/minimal-managed.yaml");
        instance["spec"]!["replicas"] = 11;
        instance["spec"]!["typo"] = true;

        InstanceFaults.Of(instance).ShouldContain(fault => fault.StartsWith("spec.replicas:", StringComparison.Ordinal));
        InstanceFaults.Of(instance).ShouldContain("spec.typo is lost by the records");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_names_only_objects_that_it_brings_or_says_to_bring(string path)
    {
        var names = YamlFiles.Read(path).Where(o => (string?)o["kind"] == "Secret").Select(o => (string?)o["metadata"]!["name"]).ToList();
        foreach (var instance in Instances(path))
        {
            if (names.Count > 0)
                names.ShouldContain((string?)instance["spec"]!["secretRef"]!["name"]);
            else
                instance["metadata"]!["annotations"]![WireNames.AdoptAnnotation].ShouldNotBeNull("only an adoption finds its Secret there");
        }
    }

    private static JsonObject Instance(string path) => Instances(path).Single();

    private static IReadOnlyList<JsonObject> Instances(string path) =>
        [.. YamlFiles.Read(path).Where(o => (string?)o["kind"] == FamilyAssistantInstance.KindName)];
}
