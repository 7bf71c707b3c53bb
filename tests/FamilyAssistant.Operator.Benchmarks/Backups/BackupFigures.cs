using System.Globalization;
using System.Text.Json.Nodes;

namespace FamilyAssistant.Operator.Benchmarks.Backups;

/// <summary>Seconds of one round.</summary>
/// <param name="Backup">Making a set until it has its name.</param>
/// <param name="Proof">Reading it again, in the same Job.</param>
/// <param name="Verification">A Job of its own that reads the set and restores it into a server of its own.</param>
/// <param name="TestRestore">The restore in it.</param>
/// <param name="Restore">Replacing a database by the set.</param>
/// <param name="PgDump">Plain <c>pg_dump --format=custom --compress=9</c>.</param>
/// <param name="PgRestoreToNowhere">Plain <c>pg_restore --file=/dev/null</c>.</param>
/// <param name="PgRestore">Plain <c>createdb</c> and <c>pg_restore</c>.</param>
internal sealed record BackupRound(double Backup, double Proof, double Verification, double TestRestore, double Restore, double PgDump, double PgRestoreToNowhere, double PgRestore)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"backup {Backup:F1} s (pg_dump {PgDump:F1}), proof {Proof:F1} (read {PgRestoreToNowhere:F1}), restore {Restore:F1} (pg_restore {PgRestore:F1}), verification {Verification:F1}");
}

/// <summary>What was measured.</summary>
/// <param name="DatabaseBytes">Size of the database, what a GiB is counted in.</param>
/// <param name="ServerVersion">Of PostgreSQL.</param>
/// <param name="DumpBytes">Size of the dump.</param>
/// <param name="Rounds">The rounds.</param>
internal sealed record BackupFigures(long DatabaseBytes, string ServerVersion, long DumpBytes, IReadOnlyList<BackupRound> Rounds)
{
    private const double Target = 10;

    private double Gibibytes => DatabaseBytes / (double)(1L << 30);

    /// <summary>What is compared with what.</summary>
    private static IEnumerable<(string Name, Func<BackupRound, double> Own, Func<BackupRound, double> Plain, string Beside)> Pairs =>
    [
        ("backup", round => round.Backup, round => round.PgDump, "pg_dump --format=custom --compress=9"),
        ("backupAndProof", round => round.Backup + round.Proof, round => round.PgDump + round.PgRestoreToNowhere, "pg_dump, then pg_restore --file=/dev/null"),
        ("verification", round => round.Verification, round => round.PgRestoreToNowhere + round.PgRestore, "pg_restore --file=/dev/null, then createdb and pg_restore"),
        ("restore", round => round.Restore, round => round.PgRestore, "createdb and pg_restore"),
    ];

    /// <summary>The content of <c>artifacts/bench-backup.json</c>.</summary>
    public JsonObject ToJson(JsonObject machine)
    {
        var json = new JsonObject { ["databaseMiB"] = DatabaseBytes >> 20, ["dumpMiB"] = DumpBytes >> 20, ["serverVersion"] = ServerVersion, ["rounds"] = Rounds.Count };
        foreach (var (name, own, plain, beside) in Pairs)
        {
            json[name] = new JsonObject
            {
                ["secondsPerGiB"] = Round(Median(own) / Gibibytes),
                ["plainSecondsPerGiB"] = Round(Median(plain) / Gibibytes),
                ["plain"] = beside,
                ["overheadPercent"] = Round(Overhead(own, plain)),
                ["overheadPercentOfEachRound"] = new JsonArray([.. Rounds.Select(round => (JsonNode)Round(((own(round) / plain(round)) - 1) * 100))]),
                ["met"] = Overhead(own, plain) <= Target,
            };
        }

        json["testRestoreSecondsPerGiB"] = Round(Median(round => round.TestRestore) / Gibibytes);
        json["targetOverheadPercent"] = Target;
        json["machine"] = machine;
        return json;
    }

    /// <summary>A line for each comparison.</summary>
    public IEnumerable<string> Table()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{DatabaseBytes >> 20} MiB of database, {DumpBytes >> 20} MiB of dump, PostgreSQL {ServerVersion}, median of {Rounds.Count} rounds");
        yield return $"{"",-16}{"s per GiB",11}{"plain",11}{"overhead",11}";
        foreach (var (name, own, plain, beside) in Pairs)
        {
            var overhead = Overhead(own, plain);
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{name,-16}{Median(own) / Gibibytes,11:F1}{Median(plain) / Gibibytes,11:F1}{overhead,10:F1}%  {(overhead <= Target ? "met    " : "NOT MET")}  beside {beside}");
        }
    }

    /// <summary>Median of the rounds' ratios, so that a busy minute of the machine counts for one round alone.</summary>
    private double Overhead(Func<BackupRound, double> own, Func<BackupRound, double> plain) => (Median(round => own(round) / plain(round)) - 1) * 100;

    private double Median(Func<BackupRound, double> value)
    {
        double[] sorted = [.. Rounds.Select(value).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Round(double value) => Math.Round(value, 2);
}
