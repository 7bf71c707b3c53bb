using System.Text.RegularExpressions;

namespace FamilyAssistant.Operator.Adapters.Conflicts;

/// <summary>
/// Finds the trace of a conflict in the end of a log. The log is written by somebody else, and people who talk to the bot can get their words into it: only the form
/// of the Telegram library's own error counts, not a line that mentions one. Pure.
/// </summary>
internal static partial class ConflictLog
{
    private const string Error = "telegram.error.Conflict";
    private const string Announcement = "Exception happened while polling for updates";
    private const int LongestEvidence = 4096;

    /// <summary>The last line that tells of a conflict, or null. A line that is too long to be quoted whole gives an empty text: what begins at a cut could not be redacted.</summary>
    public static string? Find(string log)
    {
        string? found = null;
        foreach (var raw in log.AsSpan().EnumerateLines())
        {
            if (Tells(raw))
            {
                found = raw.Length <= LongestEvidence ? raw.ToString() : "";
            }
        }

        return found;
    }

    /// <summary>The last line of a traceback stands alone; a log in JSON has the whole traceback in the line of the announcement.</summary>
    private static bool Tells(ReadOnlySpan<char> line) => line.Contains(Error, StringComparison.Ordinal)
        && (line.Contains(Announcement, StringComparison.Ordinal) || LastOfTraceback().IsMatch(line));

    /// <summary>Colours of a terminal may stand around the name.</summary>
    [GeneratedRegex(@"\A(\x1b\[[0-9;]{0,16}m){0,4}telegram\.error\.Conflict(\x1b\[[0-9;]{0,16}m){0,4}(:|\s*\z)", RegexOptions.CultureInvariant)]
    private static partial Regex LastOfTraceback();
}
