using System.Globalization;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation.Sets;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>The manifest of a set → the status of its backup. Pure.</summary>
internal static class BackupReport
{
    /// <summary>The status with what the set holds.</summary>
    public static BackupStatus Fill(BackupStatus status, SetManifest manifest, long? seconds) => status with
    {
        Parts = [.. (manifest.Parts ?? []).Select(part => new BackupPartStatus { Name = part.Name, File = part.File, SizeBytes = part.SizeBytes, Sha256 = part.Sha256 })],
        SizeBytes = (manifest.Parts ?? []).Sum(part => part.SizeBytes),
        DurationSeconds = seconds ?? manifest.Seconds,
        Image = manifest.Image,
        Revision = Cut(manifest.Database?.Revision, 256),
        ServerVersion = Cut(manifest.Database?.ServerVersion, 64),
        ClientVersion = Cut(manifest.Database?.ClientVersion, 64),
        VectorVersion = Cut(manifest.Database?.VectorVersion, 64),
        Tables = manifest.Database?.Tables,
        Rows = manifest.Database?.Rows,
    };

    /// <summary>A time as it stands in a status.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Cut(string? text, int limit) => text is null || text.Length <= limit ? text : text[..limit];
}
