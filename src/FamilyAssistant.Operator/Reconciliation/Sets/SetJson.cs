using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FamilyAssistant.Operator.Reconciliation.Sets;

/// <summary>JSON of manifests and results.</summary>
internal static class SetJson
{
    /// <summary>For what the scripts write: unknown members and nulls where none belong are errors.</summary>
    public static readonly SetJsonContext Strict = new(new JsonSerializerOptions(SetJsonContext.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, MaxDepth = 8,
    });

    /// <summary>Every reason that a script gives.</summary>
    public static readonly FrozenSet<string> Reasons = FrozenSet.Create(
        StringComparer.Ordinal,
        ToolReasons.DatabaseUnreachable, ToolReasons.AuthenticationFailed, ToolReasons.DatabaseMissing, ToolReasons.ClientTooOld, ToolReasons.DumpFailed,
        ToolReasons.DiskFull, ToolReasons.FilesUnreadable, ToolReasons.VolumeReadOnly, ToolReasons.PassphraseMissing, ToolReasons.WrongPassphrase,
        ToolReasons.SetNotFound, ToolReasons.ManifestInvalid, ToolReasons.ForeignSet, ToolReasons.PartMissing, ToolReasons.ChecksumMismatch,
        ToolReasons.DumpCorrupt, ToolReasons.FilesCorrupt, ToolReasons.VersionTooNew, ToolReasons.RestoreFailed, ToolReasons.RowsDiffer,
        ToolReasons.DatabaseHasData, ToolReasons.DatabaseInUse, ToolReasons.NotPermitted, ToolReasons.Busy, ToolReasons.KeptSetMissing,
        ToolReasons.InputInvalid, ToolReasons.ScriptFailed);

    /// <summary>The operator's half of a manifest as UTF-8 JSON; members that are null are left out.</summary>
    public static byte[] Serialise(SetManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, SetJsonContext.Default.SetManifest);
}

/// <summary>Source-generated JSON of manifests and results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SetManifest))]
[JsonSerializable(typeof(ToolResult))]
internal sealed partial class SetJsonContext : JsonSerializerContext;
