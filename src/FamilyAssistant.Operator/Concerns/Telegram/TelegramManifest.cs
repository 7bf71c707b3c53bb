using System.Buffers;
using System.Text.Json;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Leadership;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>The Lease and the Secret of the concern.</summary>
internal static class TelegramManifest
{
    /// <summary>A claim that nobody has yet.</summary>
    public static Manifest Claim(ObjectKey key, ClaimHolder holder, DateTimeOffset now) => new LeaseFields(holder.ToString(), now, now).ToManifest(
        key,
        [
            new("app.kubernetes.io/part-of", "family-assistant"),
            new(WireNames.ManagedByLabel, WireNames.ManagedByValue),
            new(WireNames.ClaimLabel, WireNames.ClaimOfBot),
        ]);

    /// <summary>Moves a claim to this holder.</summary>
    public static ReadOnlyMemory<byte> Move(ClaimHolder holder, DateTimeOffset now) => new LeaseFields(holder.ToString(), now, now).ToPatch();

    /// <summary>Says that the holder still has it; whoever has read the claim before can no longer delete or move it.</summary>
    public static ReadOnlyMemory<byte> Confirm(BotClaim claim, DateTimeOffset now) => (claim.Fields with { RenewTime = now }).ToPatch();

    /// <summary>The fence Secret without a token.</summary>
    public static Manifest EmptyFence(ClusterObject instance) => ManifestOf.Model(
        ResourceTypes.Secret,
        new V1Secret
        {
            Metadata = new V1ObjectMeta
            {
                Name = ObjectNames.TelegramSecret(instance.Key.Name),
                NamespaceProperty = instance.Key.Namespace,
                Labels = Components.Labels(instance.Key.Name, Components.App),
                OwnerReferences =
                [
                    new V1OwnerReference
                    {
                        ApiVersion = instance.Type.ApiVersion, Kind = instance.Type.Kind, Name = instance.Key.Name, Uid = instance.Uid, Controller = true, BlockOwnerDeletion = true,
                    },
                ],
            },
            Type = "Opaque",
        });

    /// <summary>Puts the token in, or changes the list beside it; the owner is set again where an orphaning deletion took it away.</summary>
    public static ReadOnlyMemory<byte> Fill(ClusterObject instance, FenceContent content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("metadata"u8);
            writer.WriteStartArray("ownerReferences"u8);
            writer.WriteStartObject();
            writer.WriteString("apiVersion"u8, instance.Type.ApiVersion);
            writer.WriteString("kind"u8, instance.Type.Kind);
            writer.WriteString("name"u8, instance.Key.Name);
            writer.WriteString("uid"u8, instance.Uid);
            writer.WriteBoolean("controller"u8, true);
            writer.WriteBoolean("blockOwnerDeletion"u8, true);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteStartObject("data"u8);
            writer.WriteBase64String(AppContract.BotToken, content.Token);
            if (content.Users is { } users)
            {
                writer.WriteBase64String(AppContract.AllowedUsers, users);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
