using FamilyAssistant.Operator.Benchmarks;
using FamilyAssistant.Operator.Benchmarks.Backups;
using FamilyAssistant.Operator.Benchmarks.Output;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;

// Without an argument: requests, reaction and memory of the operator; with "backup": what its backups cost beside PostgreSQL's own programs.
BenchmarkSettings settings;
BackupSettings? backups = null;
try
{
    settings = BenchmarkSettings.Read(Environment.GetEnvironmentVariable);
    backups = args is ["backup"] ? BackupSettings.Read(Environment.GetEnvironmentVariable) : null;
}
catch (FormatException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 64;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    // Once: ends in order. Twice: at once.
    press.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};

var artifacts = Path.Combine(RepositoryRoot.Find(), "artifacts");
Directory.CreateDirectory(artifacts);
var began = TimeProvider.System.GetTimestamp();
void Progress(string line) => Console.Error.WriteLine($"bench {TimeProvider.System.GetElapsedTime(began):mm\\:ss} {line}");
var run = new BenchmarkRun(settings, artifacts, Progress);
var measured = new Dictionary<OperatorFlavour, Figures>();
try
{
    if (backups is not null)
    {
        var figures = await new BackupBenchmark(backups, Progress).MeasureAsync(stop.Token);
        await File.WriteAllTextAsync(Path.Combine(artifacts, "bench-backup.json"), FigureNames.Text(figures.ToJson(Machine.Describe(null))));
        foreach (var line in figures.Table())
        {
            Console.WriteLine(line);
        }

        return 0;
    }

    foreach (var flavour in settings.Flavours)
    {
        measured[flavour] = await run.MeasureAsync(flavour, stop.Token);
    }
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("bench: stopped");
    return 130;
}

var file = Path.Combine(artifacts, "bench.json");
await File.WriteAllTextAsync(file, FigureNames.Text(Report.Json(measured, Machine.Describe(run.Server!))));
foreach (var line in Report.Table(measured))
{
    Console.WriteLine(line);
}

Console.WriteLine($"Requests are the operator's own, by its user in the audit log; renewals of the leader's Lease and watches are not counted. Written to {file}.");
return 0;
