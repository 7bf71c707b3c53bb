namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>A Job of a restore.</summary>
internal enum RestoreTool
{
    /// <summary>Examines the set, and the database that it goes into where there is one.</summary>
    Inspect,

    /// <summary>Opens the parts Configuration and Secrets.</summary>
    OpenParts,

    /// <summary>Examines the database of an instance that did not exist before.</summary>
    Examine,

    /// <summary>Replaces the database.</summary>
    RestoreDatabase,

    /// <summary>Replaces the files.</summary>
    RestoreFiles,

    /// <summary>Brings the schema to the head of the image.</summary>
    Migrate,

    /// <summary>Compares the tables of the running instance with the set.</summary>
    Compare,

    /// <summary>Removes what was set aside.</summary>
    CleanUp,

    /// <summary>Gives the database that was set aside its name back.</summary>
    SwapBack,

    /// <summary>Restores the safety set where nothing could be set aside.</summary>
    RestoreSafety,

    /// <summary>Removes the mark that the restore of the safety set has left in the database.</summary>
    CleanUpSafety,

    /// <summary>Puts the files back that were set aside.</summary>
    PutBackFiles,
}

/// <summary>Names and rules of the Jobs.</summary>
internal static class RestoreTools
{
    /// <summary>All that work on the way forward; while something is put back none of them may run.</summary>
    public static readonly IReadOnlyList<RestoreTool> Forward =
    [
        RestoreTool.Inspect, RestoreTool.OpenParts, RestoreTool.Examine, RestoreTool.RestoreDatabase, RestoreTool.RestoreFiles, RestoreTool.Migrate, RestoreTool.Compare, RestoreTool.CleanUp,
    ];

    /// <summary>The end of the Job's name, and how the time that it took is called in status.</summary>
    public static string NameOf(RestoreTool tool) => tool switch
    {
        RestoreTool.Inspect => "inspect",
        RestoreTool.OpenParts => "open-parts",
        RestoreTool.Examine => "examine",
        RestoreTool.RestoreDatabase => "database",
        RestoreTool.RestoreFiles => "files",
        RestoreTool.Migrate => "migrate",
        RestoreTool.Compare => "compare",
        RestoreTool.CleanUp => "clean-up",
        RestoreTool.SwapBack => "swap-back",
        RestoreTool.RestoreSafety => "safety-set",
        RestoreTool.CleanUpSafety => "mark-away",
        RestoreTool.PutBackFiles => "files-back",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Whether it puts back: what fails then is tried again, because the instance stays stopped until it succeeds.</summary>
    public static bool PutsBack(RestoreTool tool) => tool is RestoreTool.SwapBack or RestoreTool.RestoreSafety or RestoreTool.CleanUpSafety or RestoreTool.PutBackFiles;
}
