namespace FamilyAssistant.Operator.Api;

/// <summary>
/// Every name that leaves the process and is therefore a contract: group, labels, annotations, finalizer, field managers,
/// suffixes of owned objects. A changed value here orphans what an earlier version wrote; a test pins them.
/// </summary>
public static class WireNames
{
    /// <summary>API group of all kinds.</summary>
    public const string Group = "family-assistant.io";

    /// <summary>The only served version.</summary>
    public const string Version = "v1alpha1";

    /// <summary><c>group/version</c> as it stands in a manifest.</summary>
    public const string ApiVersion = Group + "/" + Version;

    /// <summary>Field manager of everything the operator applies except status.</summary>
    public const string FieldManager = "family-assistant-operator";

    /// <summary>Field manager of the status subresource.</summary>
    public const string StatusFieldManager = "family-assistant-operator-status";

    /// <summary>Name reported in events and in the user agent.</summary>
    public const string ControllerName = Group + "/operator";

    /// <summary>Held by an instance until its objects are gone and its volumes are released or deleted.</summary>
    public const string InstanceFinalizer = Group + "/instance";

    /// <summary>Annotation: <c>"true"</c> makes the operator watch and report but write nothing except status.</summary>
    public const string PausedAnnotation = Group + "/paused";

    /// <summary>Value of <see cref="PausedAnnotation"/>: the same, but a deletion goes on. A failed restore writes it on the instance that it made.</summary>
    public const string PausedUntilDeleted = "until-deleted";

    /// <summary>Annotation: <c>"true"</c> allows the operator to take over what a manual installation left.</summary>
    public const string AdoptAnnotation = Group + "/adopt";

    /// <summary>Annotation on an instance: UID of the operation whose turn it is. Set and removed by the operator only, by compare-and-swap.</summary>
    public const string OperationAnnotation = Group + "/operation";

    /// <summary>Annotation on owned objects: hash of the manifest that was last applied; tells removal of a field from drift.</summary>
    public const string AppliedAnnotation = Group + "/applied";

    /// <summary>Annotation on the pod template: keyed hash of the Secret and ConfigMap keys that the pod was rendered from.</summary>
    public const string ConfigHashAnnotation = Group + "/config-hash";

    /// <summary>Annotation on the application's StatefulSet: keyed fingerprint of the Web Push keys in use.</summary>
    public const string PushKeysAnnotation = Group + "/push-keys";

    /// <summary>Annotation on the Secret of generated keys: UID of the operation that made one of them anew, so that none does it twice. On the StatefulSet: that of the Secret that it was rendered from.</summary>
    public const string RotatedByAnnotation = Group + "/rotated-by";

    /// <summary>Annotation on the application's StatefulSet: the <c>spec.debug.expiresAt</c> that was reached, so that a clock that is set back switches nothing on again.</summary>
    public const string DebugEndedAnnotation = Group + "/debug-ended";

    /// <summary>Held by a backup while its files have to be deleted before it goes.</summary>
    public const string BackupFinalizer = Group + "/backup-files";

    /// <summary>Label on a backup: who asked for it (<see cref="BackupOfSchedule"/> or <see cref="BackupOfRestore"/>); absent: a person.</summary>
    public const string BackupOriginLabel = Group + "/backup-origin";

    /// <summary>Value of <see cref="BackupOriginLabel"/>: the schedule of the instance.</summary>
    public const string BackupOfSchedule = "schedule";

    /// <summary>Value of <see cref="BackupOriginLabel"/>: a restore, which may need to put it back.</summary>
    public const string BackupOfRestore = "restore";

    /// <summary>Annotation on a scheduled backup: the tick that it was made for.</summary>
    public const string TickAnnotation = Group + "/tick";

    /// <summary>Annotation on a backup that the retention deletes: why. Written together with the finalizer, before the deletion; it makes the files go too.</summary>
    public const string ExpiredAnnotation = Group + "/expired";

    /// <summary>Annotation on a backup that is being deleted: why its files could not be, at the last attempt.</summary>
    public const string FilesLeftAnnotation = Group + "/files-left";

    /// <summary>Annotation on a backup: <c>"true"</c> keeps it from the retention.</summary>
    public const string KeepAnnotation = Group + "/keep";

    /// <summary>Annotation on a backup that a restore made: UID of that restore, in whose turn it runs.</summary>
    public const string RestoreAnnotation = Group + "/restore";

    /// <summary>Held by a restore from its first act on: deleted before its end, it brings the instance back first.</summary>
    public const string RestoreFinalizer = Group + "/restore";

    /// <summary>Label on Jobs, their pods and inputs: name of the backup or restore that they work for.</summary>
    public const string ProcedureLabel = Group + "/procedure";

    /// <summary>Label on the Leases that are claims; its value says of what (<see cref="ClaimOfBot"/>).</summary>
    public const string ClaimLabel = Group + "/claim";

    /// <summary>Value of <see cref="ClaimLabel"/>: the claim of a Telegram bot.</summary>
    public const string ClaimOfBot = "telegram-bot";

    /// <summary>Label on owned objects and pods: name of the instance.</summary>
    public const string InstanceLabel = Group + "/instance";

    /// <summary>Label on owned objects and pods: which part of the instance (<c>app</c> or <c>database</c>).</summary>
    public const string ComponentLabel = "app.kubernetes.io/component";

    /// <summary>Label on owned objects; always <see cref="ManagedByValue"/>.</summary>
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";

    /// <summary>Value of <see cref="ManagedByLabel"/>.</summary>
    public const string ManagedByValue = "family-assistant-operator";

    /// <summary>Label of the application's pods and selector, as in the manual installation.</summary>
    public const string AppLabel = "app";
}
