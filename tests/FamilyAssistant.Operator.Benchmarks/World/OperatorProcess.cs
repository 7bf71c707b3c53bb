using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;

namespace FamilyAssistant.Operator.Benchmarks.World;

/// <summary>The published operator as a process, and what the machine and its own endpoints say of it.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    /// <summary>Ticks in which the kernel counts processor time, for every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private readonly HttpClient _http = new();
    private readonly ChildProcess _process;
    private readonly Uri _endpoints;

    private OperatorProcess(ChildProcess process, IPEndPoint listen, long started)
    {
        _process = process;
        _endpoints = new Uri($"http://{listen}");
        Started = started;
    }

    /// <summary>When it was started.</summary>
    public long Started { get; }

    /// <summary>Resident memory now, in MiB.</summary>
    public double ResidentMiB => Status("VmRSS");

    /// <summary>Most resident memory so far, in MiB.</summary>
    public double PeakResidentMiB => Status("VmHWM");

    /// <summary>Processor time so far, of all threads.</summary>
    public double ProcessorSeconds
    {
        get
        {
            // The name in parentheses may hold anything; fields are counted behind it.
            var text = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="folder">Published folder.</param>
    /// <param name="kubeconfig">Its credentials.</param>
    /// <param name="logFile">Where its output goes; appended to.</param>
    public static OperatorProcess Start(string folder, string kubeconfig, string logFile)
    {
        var listen = new IPEndPoint(IPAddress.Loopback, FreePorts.Next());
        var runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string[] command =
        [
            $"KUBECONFIG={kubeconfig}", $"LISTEN_ADDRESS={listen}", $"POD_NAMESPACE={Installation.Namespace}", "ALLOW_LOOPBACK_DATABASES=true",
            $"DOTNET_ROOT={runtime}", "DOTNET_EnableDiagnostics=0", Path.Combine(folder, OperatorPublisher.Executable),
        ];
        var started = TimeProvider.System.GetTimestamp();
        return new OperatorProcess(ChildProcess.Start("the operator", "/usr/bin/env", command, logFile), listen, started);
    }

    /// <summary>The time at which every cache was complete.</summary>
    public Task<long> ReadyAsync(CancellationToken ct) => WhenAsync("/readyz", static _ => true, "the operator to be ready", TimeSpan.FromMilliseconds(20), ct);

    /// <summary>The time at which this many passes had ended well and none was waiting or running.</summary>
    public Task<long> PassedAsync(int passes, CancellationToken ct) => WhenAsync(
        "/metrics",
        text => Sum(text, "controller_runtime_reconcile_total{", "result=\"success\"") >= passes && Sum(text, "workqueue_depth{", "") + Sum(text, "controller_runtime_active_workers{", "") == 0,
        $"{passes} passes",
        TimeSpan.FromMilliseconds(50),
        ct);

    /// <summary>Waits for what needs it alive: its end is told at once, and not after a wait in vain.</summary>
    public async Task<T> AliveDuringAsync<T>(Task<T> work, CancellationToken ct)
    {
        while (!work.IsCompleted)
        {
            _process.ThrowIfExited();
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, ct));
            ct.ThrowIfCancellationRequested();
        }

        return await work;
    }

    /// <summary>Asks it to end, as a rollout does, and waits for that.</summary>
    public Task StopAsync() => _process.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private static double Sum(string metrics, string name, string label) => metrics.Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private async Task<long> WhenAsync(string path, Func<string, bool> condition, string what, TimeSpan interval, CancellationToken ct)
    {
        await Waiting.UntilAsync(
            async () =>
            {
                _process.ThrowIfExited();
                try
                {
                    return condition(await _http.GetStringAsync(new Uri(_endpoints, path), ct));
                }
                catch (HttpRequestException)
                {
                    // It does not listen yet, or is not ready.
                    return false;
                }
            },
            what,
            interval,
            TimeSpan.FromMinutes(5),
            ct);
        return TimeProvider.System.GetTimestamp();
    }

    private double Status(string field)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture) / 1024;
    }
}
