using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Api;
using FamilyAssistant.Operator.Tests.Fakes;
using k8s.Models;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

/// <summary>A backup of an instance with everything, and parts of it.</summary>
internal static class BackupFixtures
{
    public const string SetId = "20261126t020000z-5f0c2a7e";

    public static readonly IReadOnlyList<BackupPart> All = Enum.GetValues<BackupPart>();

    public static readonly ClusterObject Backup = Object(Kinds.Backup, """{"metadata": {"name": "night", "uid": "5f0c2a7e-1111-2222-3333-444455556666"}, "spec": {"instanceRef": {"name": "fa"}}}""");

    public static ClusterObject Object(ResourceType type, string json)
    {
        var source = JsonNode.Parse(json)!.AsObject();
        var metadata = source["metadata"]!.AsObject();
        metadata["namespace"] ??= "home";
        metadata["uid"] ??= "uid-" + metadata["name"];
        metadata["resourceVersion"] ??= "1";
        return FakeObjects.ToClusterObject(type, source);
    }

    public static InstanceSpec Spec(params (string Path, string Json)[] edits) => Specs.Json(edits).Deserialize(ApiJsonContext.Default.FamilyAssistantInstance.Properties.Single(property => property.Name == "spec").PropertyType, ApiJsonContext.Default) as InstanceSpec ?? throw new InvalidOperationException();

    public static V1PersistentVolumeClaim Claim(string mode = "ReadWriteOnce", string phase = "Bound") =>
        new() { Metadata = new V1ObjectMeta(), Spec = new V1PersistentVolumeClaimSpec { AccessModes = [mode] }, Status = new V1PersistentVolumeClaimStatus { Phase = phase } };

    public static ClusterObject Secret(string name, params (string Key, string Value)[] data) => Object(ResourceTypes.Secret, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["type"] = "Opaque",
        ["data"] = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(entry.Value))))),
    }.ToJsonString());

    public static BackupNeeds Needs(params (string Path, string Json)[] edits) => new()
    {
        Instance = "fa",
        Spec = Spec(edits),
        Status = new InstanceStatus { Database = new DatabaseStatus { ServerVersion = "17.6" } },
        Include = All,
        SetClaim = Claim(),
        DataClaim = Claim(),
        Generated = Secret("fa-generated", (GeneratedKeys.HashKey, "aa")),
        PassphraseSecret = Secret("backup", ("passphrase", "correct horse")),
        HasPods = true,
        Image = "pgvector/pgvector:pg17",
    };

    public static ToolResult Result(string setId = SetId, string instance = "fa", IEnumerable<BackupPart>? parts = null) => new()
    {
        Outcome = ToolOutcome.Succeeded,
        Seconds = 12,
        Manifest = new SetManifest
        {
            SchemaVersion = 1,
            SetId = setId,
            Instance = new SetInstance("home", instance, "uid"),
            CreatedAt = "2026-11-26T02:00:00Z",
            Include = All,
            Parts = [.. (parts ?? All).Select(part => new SetPart(part, $"{part}", 10, new string('a', 64)))],
            Database = new SetDatabase { ServerVersion = "17.6", ServerMajor = 17, ClientVersion = "17.6", Revision = "abc123", Tables = 3, Rows = 42 },
        },
    };

    public static BackupProgress Progress(JobState job, string stage = "Making", bool restores = false, TimeSpan? left = null) => new()
    {
        Instance = "fa",
        SetId = SetId,
        Include = All,
        Restores = restores,
        Stage = BackupStages.Of(stage),
        Job = job,
        Deadline = TimeSpan.FromHours(6),
        Left = left ?? TimeSpan.FromHours(5),
        LastSeen = "No node.",
        Now = new DateTimeOffset(2026, 11, 26, 3, 0, 0, TimeSpan.Zero),
    };
}
