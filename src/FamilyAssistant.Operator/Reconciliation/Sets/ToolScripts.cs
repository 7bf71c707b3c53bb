using System.Text;

namespace FamilyAssistant.Operator.Reconciliation.Sets;

/// <summary>
/// The scripts that the Jobs run with <c>bash -c</c>, from the files in <c>Scripts</c>. They are constants: whatever varies comes from the environment
/// (<see cref="ToolEnvironment"/>) or a mounted file, and each ends with a <see cref="ToolResult"/>.
/// </summary>
internal static class ToolScripts
{
    /// <summary>Makes a set and proves it.</summary>
    public static readonly string Backup = Load("sets", "database", "making", "proof", "backup");

    /// <summary>Looks whether a set can be restored, and changes nothing.</summary>
    public static readonly string Inspect = Load("sets", "database", "proof", "inspect");

    /// <summary>Reads an existing set and restores it into a PostgreSQL made for it.</summary>
    public static readonly string Verify = Load("sets", "database", "proof", "verify");

    /// <summary>Puts the database of a set in the place of the one that is there.</summary>
    public static readonly string RestoreDatabase = Load("sets", "database", "replacing", "swap", "transaction", "restore-database");

    /// <summary>Puts back the database that <see cref="RestoreDatabase"/> set aside.</summary>
    public static readonly string SwapBack = Load("sets", "database", "replacing", "swap", "swap-back");

    /// <summary>Puts the files of a set in the place of those that are there.</summary>
    public static readonly string RestoreFiles = Load("sets", "files", "restore-files");

    /// <summary>Puts back the files that <see cref="RestoreFiles"/> set aside.</summary>
    public static readonly string PutBackFiles = Load("sets", "files", "put-back-files");

    /// <summary>Counts the rows of a database and compares them with those of a set.</summary>
    public static readonly string Compare = Load("sets", "database", "compare");

    /// <summary>Removes what a restore set aside.</summary>
    public static readonly string CleanUp = Load("sets", "database", "replacing", "files", "clean-up");

    /// <summary>Writes the parts <c>Configuration</c> and <c>Secrets</c> to the log, sealed; <see cref="SealedParts"/> opens them.</summary>
    public static readonly string OpenParts = Load("sets", "open-parts");

    /// <summary>Deletes a set.</summary>
    public static readonly string Delete = Load("sets", "delete");

    /// <summary>The common library and these files, in this order.</summary>
    private static string Load(params ReadOnlySpan<string> files)
    {
        var script = new StringBuilder(Read("lib"));
        foreach (var file in files)
        {
            script.Append('\n').Append(Read(file));
        }

        return script.ToString();
    }

    private static string Read(string file)
    {
        using var stream = typeof(ToolScripts).Assembly.GetManifestResourceStream($"sets/{file}.sh") ?? throw new InvalidOperationException($"The script {file}.sh is not part of this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
