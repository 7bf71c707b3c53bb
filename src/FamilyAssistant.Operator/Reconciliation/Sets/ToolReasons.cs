namespace FamilyAssistant.Operator.Reconciliation.Sets;

/// <summary>Why a script failed. The scripts know no other reason; docs/backup.md explains them.</summary>
internal static class ToolReasons
{
    /// <summary>The database server does not answer, or went away during the work.</summary>
    public const string DatabaseUnreachable = "DatabaseUnreachable";

    /// <summary>The server refuses the role or its password.</summary>
    public const string AuthenticationFailed = "AuthenticationFailed";

    /// <summary>The server has no database of that name.</summary>
    public const string DatabaseMissing = "DatabaseMissing";

    /// <summary>The server is newer than the image's client programs.</summary>
    public const string ClientTooOld = "ClientTooOld";

    /// <summary><c>pg_dump</c> or the counting of rows failed for another reason.</summary>
    public const string DumpFailed = "DumpFailed";

    /// <summary>A disk is full: that of the set, of the data, of the scratch space or of the server. The message says which.</summary>
    public const string DiskFull = "DiskFull";

    /// <summary>A file of the data volume could not be read.</summary>
    public const string FilesUnreadable = "FilesUnreadable";

    /// <summary>The volume of the sets or of the data cannot be written.</summary>
    public const string VolumeReadOnly = "VolumeReadOnly";

    /// <summary>There is no passphrase, or its first line is empty or longer than 255 bytes.</summary>
    public const string PassphraseMissing = "PassphraseMissing";

    /// <summary>The passphrase is not the one that the set was made with.</summary>
    public const string WrongPassphrase = "WrongPassphrase";

    /// <summary>The set is not on the volume.</summary>
    public const string SetNotFound = "SetNotFound";

    /// <summary>The manifest does not parse, is of another schema version, or something in the set is not a plain file.</summary>
    public const string ManifestInvalid = "ManifestInvalid";

    /// <summary>The manifest speaks of another set or instance than its folder.</summary>
    public const string ForeignSet = "ForeignSet";

    /// <summary>The set does not have a part that is asked for.</summary>
    public const string PartMissing = "PartMissing";

    /// <summary>A file of the set is not as it was written.</summary>
    public const string ChecksumMismatch = "ChecksumMismatch";

    /// <summary>The dump cannot be read to its end.</summary>
    public const string DumpCorrupt = "DumpCorrupt";

    /// <summary>The archive of the files cannot be read to its end.</summary>
    public const string FilesCorrupt = "FilesCorrupt";

    /// <summary>The dump is of a newer PostgreSQL than the server or the image's client programs.</summary>
    public const string VersionTooNew = "VersionTooNew";

    /// <summary>The server refused something in the dump.</summary>
    public const string RestoreFailed = "RestoreFailed";

    /// <summary>The restored tables do not have the rows that the manifest says.</summary>
    public const string RowsDiffer = "RowsDiffer";

    /// <summary>The database has rows and nobody said that they may be replaced.</summary>
    public const string DatabaseHasData = "DatabaseHasData";

    /// <summary>Somebody is connected to a database that has to be renamed.</summary>
    public const string DatabaseInUse = "DatabaseInUse";

    /// <summary>The role lacks a right that nothing can be done without.</summary>
    public const string NotPermitted = "NotPermitted";

    /// <summary>Another run of the same step has not ended.</summary>
    public const string Busy = "Busy";

    /// <summary>A set that must remain is not there, so nothing is deleted.</summary>
    public const string KeptSetMissing = "KeptSetMissing";

    /// <summary>A variable or an input file is missing or malformed.</summary>
    public const string InputInvalid = "InputInvalid";

    /// <summary>Anything else; the pod's log says more.</summary>
    public const string ScriptFailed = "ScriptFailed";
}
