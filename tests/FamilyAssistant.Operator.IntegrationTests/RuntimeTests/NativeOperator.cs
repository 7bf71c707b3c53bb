using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;

namespace FamilyAssistant.Operator.IntegrationTests.RuntimeTests;

/// <summary>The operator as native code, a process of this machine outside of any pod: what it prints, answers and ends with.</summary>
internal sealed class NativeOperator : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private NativeOperator(Process process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        _process.OutputDataReceived += (_, line) => Output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => Output.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public ConcurrentQueue<string> Output { get; } = new();

    public static NativeOperator Start(string folder, string kubeconfig, string @namespace, string name)
    {
        var port = FreePorts.Next();
        var start = new ProcessStartInfo(Path.Combine(folder, OperatorPublisher.Executable)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in new Dictionary<string, string>
        {
            ["KUBECONFIG"] = kubeconfig,
            ["POD_NAME"] = name,
            ["POD_NAMESPACE"] = @namespace,
            ["WATCH_NAMESPACES"] = @namespace,
            ["LISTEN_ADDRESS"] = $"127.0.0.1:{port}",
        })
        {
            start.Environment[variable] = value;
        }

        return new NativeOperator(ProcessSpawner.Start(start), port);
    }

    /// <summary>The status and text of an endpoint; null while nothing listens.</summary>
    public async Task<(HttpStatusCode Status, string Text)?> GetAsync(string path)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return _process.HasExited ? throw new InvalidOperationException($"the operator ended with code {_process.ExitCode}: {string.Join('\n', Output)}") : null;
        }
    }

    public void Terminate() => Signals.Send(_process.Id, Signals.Terminate);

    public async Task<int> ExitCodeAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _http.Dispose();
    }
}
