using System.Text.Json.Serialization;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Operations;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>A status as a merge patch that replaces the one before: what is absent now is an explicit null, which removes it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(InstanceStatus))]
[JsonSerializable(typeof(OperationStatus))]
internal sealed partial class StatusPatchContext : JsonSerializerContext;
