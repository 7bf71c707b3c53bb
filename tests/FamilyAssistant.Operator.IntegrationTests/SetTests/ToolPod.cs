using System.Diagnostics;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>A running script.</summary>
public sealed class ToolPod : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _resultFile;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    internal ToolPod(Process process, string resultFile)
    {
        _process = process;
        _resultFile = resultFile;
        _process.StandardInput.Close();
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>What stands in place of the termination message.</summary>
    public string Message => File.ReadAllText(_resultFile);

    /// <summary>Waits for the end; what was written to both outputs.</summary>
    public async Task<string> LogAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await _output + await _errors;
    }

    /// <summary>Waits for the end; the result, which has to be one.</summary>
    internal async Task<ToolResult> ResultAsync()
    {
        var log = await LogAsync();
        return ToolResult.Parse(Message) ?? throw new InvalidOperationException($"no result but '{Message}', code {_process.ExitCode}, log:\n{log}");
    }

    /// <summary>SIGKILL for the script and all that it started.</summary>
    public async Task KillAsync()
    {
        Signals.Send(_process.Id, Signals.Kill);
        await LogAsync();
    }

    /// <summary>SIGTERM for the script alone, as a node sends it.</summary>
    public async Task TerminateAsync()
    {
        var script = Children(Children(_process.Id).Single()).Single();
        Signals.Send(script, Signals.Terminate).ShouldBeTrue();
        await LogAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static int[] Children(int process) =>
        [.. File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, System.Globalization.CultureInfo.InvariantCulture))];
}
