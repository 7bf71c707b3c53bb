using System.Collections.Immutable;
using System.Text.Json;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>What unfinished restores need: the set that they put back, and the one that they made to go back to.</summary>
/// <param name="Sources">Names of the backups.</param>
/// <param name="SetIds">Ids of sets that are named by their volume.</param>
/// <param name="Uids">UIDs of the restores.</param>
/// <param name="NeedAll">There is one that cannot be read: it may need any set.</param>
internal sealed record RestoresInProgress(ImmutableHashSet<string> Sources, ImmutableHashSet<string> SetIds, ImmutableHashSet<string> Uids, bool NeedAll)
{
    /// <summary>No restore.</summary>
    public static RestoresInProgress None { get; } = new([], [], [], NeedAll: false);

    /// <summary>Reads them. A restore into another instance counts too: it may take its set from here.</summary>
    public static RestoresInProgress Of(IEnumerable<ClusterObject> restores)
    {
        var result = None;
        foreach (var restore in restores.Where(restore => !ProcedureReader.IsFinal(restore)))
        {
            result = result with { Uids = result.Uids.Add(restore.Uid) };
            try
            {
                var source = restore.Read(ApiJsonContext.Default.FamilyAssistantRestore).Spec.Source;
                result = result with
                {
                    Sources = source.BackupRef is { } backup ? result.Sources.Add(backup.Name) : result.Sources,
                    SetIds = source.Volume is { } volume ? result.SetIds.Add(volume.SetId) : result.SetIds,
                };
            }
            catch (JsonException)
            {
                result = result with { NeedAll = true };
            }
        }

        return result;
    }

    /// <summary>Whether this backup must stay.</summary>
    public bool Needs(BackupFacts backup) =>
        NeedAll || Sources.Contains(backup.Name) || (backup.SetId is { } id && SetIds.Contains(id)) || (backup.RestoreUid is { } uid && Uids.Contains(uid));
}
