using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>The kinds of this group as the runtime addresses them.</summary>
internal static class Kinds
{
    /// <summary>FamilyAssistantInstance.</summary>
    public static readonly ResourceType Instance = new(WireNames.Group, WireNames.Version, FamilyAssistantInstance.Plural, FamilyAssistantInstance.KindName);

    /// <summary>FamilyAssistantBackup.</summary>
    public static readonly ResourceType Backup = new(WireNames.Group, WireNames.Version, FamilyAssistantBackup.Plural, FamilyAssistantBackup.KindName);

    /// <summary>FamilyAssistantRestore.</summary>
    public static readonly ResourceType Restore = new(WireNames.Group, WireNames.Version, FamilyAssistantRestore.Plural, FamilyAssistantRestore.KindName);

    /// <summary>FamilyAssistantOperation.</summary>
    public static readonly ResourceType Operation = new(WireNames.Group, WireNames.Version, FamilyAssistantOperation.Plural, FamilyAssistantOperation.KindName);
}
