using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>What schedule, retention and health want to know of one backup of the instance. Pure.</summary>
internal sealed record BackupFacts
{
    /// <summary>Name of the object.</summary>
    public required string Name { get; init; }

    /// <summary>When it was asked for, which is also what its set is called by.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Value of the origin label; null: a person asked for it.</summary>
    public string? Origin { get; init; }

    /// <summary>The tick that it was made for; null: it is no scheduled one.</summary>
    public DateTimeOffset? Tick { get; init; }

    /// <summary>Its phase; null: nobody has seen it yet.</summary>
    public string? Phase { get; init; }

    /// <summary>Why it is in this phase.</summary>
    public string? Reason { get; init; }

    /// <summary>When its turn came.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Id of its set; null: it has begun none.</summary>
    public string? SetId { get; init; }

    /// <summary>Size of its set in bytes.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Sizes of the parts of its set.</summary>
    public ImmutableDictionary<BackupPart, long> Parts { get; init; } = ImmutableDictionary<BackupPart, long>.Empty;

    /// <summary>When a test restore of it last succeeded.</summary>
    public DateTimeOffset? Verified { get; init; }

    /// <summary>The last test restore of it.</summary>
    public BackupVerificationRun? LastVerification { get; init; }

    /// <summary>A person said that it is to be kept.</summary>
    public bool IsKept { get; init; }

    /// <summary>A GitOps tool would make it anew.</summary>
    public bool IsManaged { get; init; }

    /// <summary>When its deletion began; null: it is not being deleted.</summary>
    public DateTimeOffset? Deleting { get; init; }

    /// <summary>Marked by the retention: why it goes.</summary>
    public string? Expired { get; init; }

    /// <summary>Why its files could not be deleted, at the last attempt; null: nothing is known of that.</summary>
    public string? FilesLeft { get; init; }

    /// <summary>UID of the restore that made it.</summary>
    public string? RestoreUid { get; init; }

    /// <summary>It has a complete set.</summary>
    public bool IsCompleted => ProcedurePhases.IsSuccess(Phase);

    /// <summary>It came to nothing.</summary>
    public bool IsFailed => Phase == ProcedurePhases.Failed;

    /// <summary>It waits or is being made.</summary>
    public bool IsUnfinished => !ProcedurePhases.IsFinal(Phase);

    /// <summary>The schedule made it.</summary>
    public bool IsScheduled => Origin == WireNames.BackupOfSchedule && Tick is not null;

    /// <summary>Reads those of one instance; what cannot be read is not among them, so that nothing is done about it.</summary>
    public static ImmutableArray<BackupFacts> Of(string instance, IEnumerable<ClusterObject> backups) =>
        [.. backups.Where(source => ProcedureReader.InstanceOf(source) == instance).Select(Of).OfType<BackupFacts>().OrderBy(facts => facts.Created).ThenBy(facts => facts.Name, StringComparer.Ordinal)];

    /// <summary>Reads one; null when it has another form.</summary>
    public static BackupFacts? Of(ClusterObject source)
    {
        FamilyAssistantBackup backup;
        try
        {
            backup = source.Read(ApiJsonContext.Default.FamilyAssistantBackup);
        }
        catch (JsonException)
        {
            return null;
        }

        var status = backup.Status;
        return new BackupFacts
        {
            Name = source.Key.Name,
            Created = Utc(backup.Metadata.CreationTimestamp) ?? DateTimeOffset.UnixEpoch,
            Origin = source.Labels.GetValueOrDefault(WireNames.BackupOriginLabel),
            Tick = Time(source.Annotations.GetValueOrDefault(WireNames.TickAnnotation)),
            Phase = status?.Phase,
            Reason = status?.Reason,
            Started = Time(status?.StartedAt),
            Finished = Time(status?.FinishedAt),
            SetId = status?.SetId,
            SizeBytes = status?.SizeBytes ?? 0,
            Parts = (status?.Parts ?? []).ToImmutableDictionary(part => part.Name, part => part.SizeBytes),
            Verified = Time(status?.Verified?.Time),
            LastVerification = status?.LastVerification,
            IsKept = source.Annotations.GetValueOrDefault(WireNames.KeepAnnotation) == "true",
            IsManaged = GitOpsMarks.IsManaged(source),
            Deleting = source.IsTerminating ? Utc(backup.Metadata.DeletionTimestamp) ?? DateTimeOffset.UnixEpoch : null,
            Expired = source.Annotations.GetValueOrDefault(WireNames.ExpiredAnnotation),
            FilesLeft = source.Annotations.GetValueOrDefault(WireNames.FilesLeftAnnotation),
            RestoreUid = source.Annotations.GetValueOrDefault(WireNames.RestoreAnnotation),
        };
    }

    /// <summary>A time as it stands in annotations and status.</summary>
    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>The same, to be written.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Utc(DateTime? time) => time is { } at ? new DateTimeOffset(at.ToUniversalTime()) : null;
}
