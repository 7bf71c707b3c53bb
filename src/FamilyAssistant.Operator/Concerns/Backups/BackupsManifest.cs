using System.Buffers;
using System.Text.Json;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>The objects that the schedule makes, and the marks that the retention sets.</summary>
internal static class BackupsManifest
{
    /// <summary>The backup of a tick. What the policy says at this moment is written down, so that the object tells by itself what was asked for; no owner, because sets outlive the instance.</summary>
    public static Manifest Backup(ObjectKey instance, BackupPolicySpec policy, DateTimeOffset tick)
    {
        var name = ObjectNames.ScheduledBackup(instance.Name, tick);
        var labels = Components.Labels(instance.Name, Components.Backup);
        labels[WireNames.BackupOriginLabel] = WireNames.BackupOfSchedule;
        var backup = new FamilyAssistantBackup
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = instance.Namespace,
                Labels = labels,
                Annotations = new Dictionary<string, string> { [WireNames.TickAnnotation] = BackupFacts.Text(tick) },
            },
            Spec = new BackupSpec
            {
                InstanceRef = new InstanceReference { Name = instance.Name },
                Include = policy.Include,
                Verify = BackupVerification.Read,
                DeletionPolicy = DeletionPolicy.Retain,
                Deadline = policy.Deadline,
            },
        };
        return new Manifest(Kinds.Backup, new ObjectKey(instance.Namespace, name), JsonSerializer.SerializeToUtf8Bytes(backup, ApiJsonContext.Default.FamilyAssistantBackup));
    }

    /// <summary>The claim of the sets. It has no owner reference, and the finalization does not know it: sets outlive everything.</summary>
    public static Manifest Claim(ObjectKey instance, BackupVolumeSpec volume, SetVolumePlan.Ensure plan) => ManifestOf.Model(
        ResourceTypes.PersistentVolumeClaim,
        new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta { Name = plan.Name, NamespaceProperty = instance.Namespace, Labels = Components.Labels(instance.Name, Components.Backup) },
            Spec = new V1PersistentVolumeClaimSpec
            {
                // Of a claim that exists the list is immutable as a whole.
                AccessModes = plan.Claim is { AccessModes.Count: > 0 } claim ? [.. claim.AccessModes] : ["ReadWriteOnce"],
                StorageClassName = volume.StorageClassName,
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { [SetClaim.StorageResource] = plan.Size } },
            },
        });

    /// <summary>Merge patch: why the backup expires, and the finalizer that keeps it until its files are gone.</summary>
    public static ReadOnlyMemory<byte> Expire(IEnumerable<string> finalizers, string because) =>
        Patch(WireNames.ExpiredAnnotation, because, [.. finalizers.Where(name => name != WireNames.BackupFinalizer), WireNames.BackupFinalizer]);

    /// <summary>Merge patch: it does not expire after all. The finalizer stays; it says nothing without the annotation.</summary>
    public static ReadOnlyMemory<byte> Spare() => Patch(WireNames.ExpiredAnnotation, null, null);

    /// <summary>Merge patch: why its files could not be deleted.</summary>
    public static ReadOnlyMemory<byte> FilesLeft(string because) => Patch(WireNames.FilesLeftAnnotation, because, null);

    private static ReadOnlyMemory<byte> Patch(string annotation, string? value, IReadOnlyList<string>? finalizers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartObject("metadata"u8);
        writer.WriteStartObject("annotations"u8);
        writer.WriteString(annotation, value);
        writer.WriteEndObject();
        if (finalizers is not null)
        {
            writer.WriteStartArray("finalizers"u8);
            foreach (var finalizer in finalizers)
            {
                writer.WriteStringValue(finalizer);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
