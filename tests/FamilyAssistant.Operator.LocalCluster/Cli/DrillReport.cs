using FamilyAssistant.Operator.LocalCluster.TestData;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>What the drill prints at its end: before, after, and how long it took.</summary>
internal static class DrillReport
{
    /// <summary>Prints it; returns a sentence for everything that is not as it was.</summary>
    public static IReadOnlyList<string> Print(DrillPicture before, DrillPicture after, IReadOnlyDictionary<string, long> times, TimeSpan restored, TimeSpan sinceEmpty)
    {
        var rows = before.Rows.Differences(after.Rows);
        Console.WriteLine();
        foreach (var table in before.Rows.Lines.Keys.Union(after.Rows.Lines.Keys).Where(name => !name.StartsWith("sequence ", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            Line(table, Count(before.Rows, table), Count(after.Rows, table), rows.All(difference => !difference.StartsWith(table + ":", StringComparison.Ordinal)), "rows, every row's checksum");
        }

        Line("sequences", Sequences(before.Rows), Sequences(after.Rows), rows.All(difference => !difference.StartsWith("sequence ", StringComparison.Ordinal)), "values");
        var files = ApplicationFiles.Differences(before.Files, after.Files);
        Line("files", before.Files.Count, after.Files.Count, files.Count == 0, "SHA-256, rights, links");
        var keys = ApplicationFiles.Differences(before.Keys, after.Keys).Select(difference => difference.Split(':')[0]).ToList();
        Line("keys of Secrets", before.Keys.Count, after.Keys.Count, keys.Count == 0, "values");
        var settings = ApplicationFiles.Differences(before.Settings, after.Settings);
        Line("settings", before.Settings.Count, after.Settings.Count, settings.Count == 0, "fields of the spec, files of the ConfigMap");
        Console.WriteLine();
        Console.WriteLine($"{before.DatabaseBytes >> 20} MiB of database and {before.FileBytes >> 20} MiB of files came back in {restored.TotalSeconds:F1} s, {sinceEmpty.TotalSeconds:F1} s after there was an empty cluster.");
        if (times.Count > 0)
        {
            Console.WriteLine($"The restore says: {string.Join(", ", times.Select(part => $"{part.Key} {part.Value} s"))}.");
        }

        return [.. rows, .. files, .. keys.Select(key => $"{key}: another value"), .. settings];
    }

    private static void Line(string what, long before, long after, bool same, string compared) =>
        Console.WriteLine($"{what,-32}{before,10}{after,10}  {(same ? "equal" : "DIFFERENT"),-10}({compared})");

    private static long Count(DatabaseChecksums rows, string table) => rows.Lines.GetValueOrDefault(table)?.Rows ?? 0;

    private static long Sequences(DatabaseChecksums rows) => rows.Lines.Keys.Count(name => name.StartsWith("sequence ", StringComparison.Ordinal));
}
