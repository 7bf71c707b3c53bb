using System.Text.Json.Serialization;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Api.Restores;

namespace FamilyAssistant.Operator.Api;

/// <summary>Source-generated JSON of the kinds of this group.</summary>
/// <remarks>
/// A property with a default is settable, not init-only: the source generator passes every init-only property through the
/// object initializer, and an absent one would lose its default (a spec without <c>replicas</c> would read as 0 and stop the instance).
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(FamilyAssistantInstance))]
[JsonSerializable(typeof(InstanceStatus))]
[JsonSerializable(typeof(FamilyAssistantOperation))]
[JsonSerializable(typeof(OperationStatus))]
[JsonSerializable(typeof(FamilyAssistantBackup))]
[JsonSerializable(typeof(BackupStatus))]
[JsonSerializable(typeof(FamilyAssistantRestore))]
[JsonSerializable(typeof(RestoreStatus))]
public sealed partial class ApiJsonContext : JsonSerializerContext;
