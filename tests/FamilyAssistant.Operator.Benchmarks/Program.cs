using FamilyAssistant.Operator.Benchmarks;
using FamilyAssistant.Operator.Benchmarks.Output;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;

BenchmarkSettings settings;
try
{
    settings = BenchmarkSettings.Read(Environment.GetEnvironmentVariable);
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
var run = new BenchmarkRun(settings, artifacts, line => Console.Error.WriteLine($"bench {TimeProvider.System.GetElapsedTime(began):mm\\:ss} {line}"));
var measured = new Dictionary<OperatorFlavour, Figures>();
try
{
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
