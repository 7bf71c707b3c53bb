using System.Text.Json.Serialization;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Api.Restores;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>A status as a merge patch that replaces the one before: what is absent now is an explicit null, which removes it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(InstanceStatus))]
[JsonSerializable(typeof(OperationStatus))]
[JsonSerializable(typeof(BackupStatus))]
[JsonSerializable(typeof(RestoreStatus))]
internal sealed partial class StatusPatchContext : JsonSerializerContext;
