using System.Diagnostics;

namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>
/// A server that runs as a child of this process, its output in a file. It ends when this process ends, however that happens, and it is in a
/// session of its own: Ctrl-C on the terminal reaches this process alone, which then stops everything in order.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(10);
    private readonly Process _process;

    private ChildProcess(string name, Process process, string logFile)
    {
        Name = name;
        _process = process;
        LogFile = logFile;
    }

    /// <summary>Name for messages.</summary>
    public string Name { get; }

    /// <summary>Where its standard output and error go; appended to over restarts.</summary>
    public string LogFile { get; }

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program.</summary>
    public static ChildProcess Start(string name, string program, IEnumerable<string> arguments, string logFile)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/", RedirectStandardInput = true };
        // The shell only redirects into the file: no thread of ours has to pump output, and none is lost when we die.
        string[] wrapped = ["-c", "log=$1; shift; exec setsid setpriv --pdeathsig KILL -- \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", logFile, program, .. arguments];
        foreach (var argument in wrapped)
        {
            start.ArgumentList.Add(argument);
        }

        var process = ProcessSpawner.Start(start);
        process.StandardInput.Close();
        return new ChildProcess(name, process, logFile);
    }

    /// <summary>Throws with the end of the log when the process has ended.</summary>
    public void ThrowIfExited()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"{Name} ended with code {_process.ExitCode}. The end of {LogFile}:\n{Tail(15)}");
        }
    }

    /// <summary>The last lines of its log.</summary>
    public string Tail(int lines) => File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(lines)) : "(nothing)";

    /// <summary>Asks it to end (SIGTERM), and kills it when it has not after the grace period of 10 seconds.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            Signals.Send(_process.Id, Signals.Terminate);
            using var patience = new CancellationTokenSource(GracePeriod);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Ends it at once (SIGKILL), as a crash would.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            Signals.Send(_process.Id, Signals.Kill);
        }
    }

    /// <summary>Lets it get no processor time any more (SIGSTOP).</summary>
    public void Freeze() => Signals.Send(_process.Id, Signals.Freeze);

    /// <summary>Ends that (SIGCONT).</summary>
    public void Thaw() => Signals.Send(_process.Id, Signals.Thaw);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }
}
