using System.Diagnostics;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;

namespace FamilyAssistant.Operator.LocalCluster.Provisioning;

/// <summary>Runs a command to its end.</summary>
public static class CommandRunner
{
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(8);

    /// <summary>Runs a command and keeps what it prints.</summary>
    public static async Task<CommandResult> CaptureAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellation = default)
    {
        using var process = ProcessSpawner.Start(StartInfo(program, arguments, environment));
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a long command, hands on each line, and says every 8 seconds that it still runs when it prints nothing.</summary>
    public static async Task<int> StreamAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, Action<string> line, CancellationToken cancellation)
    {
        using var process = ProcessSpawner.Start(StartInfo(program, arguments, environment));
        process.StandardInput.Close();
        var started = TimeProvider.System.GetTimestamp();
        var last = started;
        void Report(string text)
        {
            lock (process)
            {
                last = TimeProvider.System.GetTimestamp();
                line(text);
            }
        }

        var lines = Task.WhenAll(PumpAsync(process.StandardOutput, Report), PumpAsync(process.StandardError, Report));
        try
        {
            for (var ended = process.WaitForExitAsync(cancellation); !ended.IsCompleted;)
            {
                await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation));
                cancellation.ThrowIfCancellationRequested();
                if (!ended.IsCompleted && TimeProvider.System.GetElapsedTime(last) > SilenceLimit)
                {
                    Report($"… still running ({TimeProvider.System.GetElapsedTime(started).TotalSeconds:F0} s)");
                }
            }

            await lines;
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> line)
    {
        while (await reader.ReadLineAsync() is { } text)
        {
            line(text);
        }
    }
}

/// <summary>How a command ended and what it printed.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Throws with the command's own words unless it ended with 0; returns what it printed.</summary>
    public string OutputOrThrow(string what) => ExitCode == 0 ? Output : throw new InvalidOperationException($"{what} ended with code {ExitCode}: {Error.Trim()} {Output.Trim()}");
}
