using System.Diagnostics;
using System.Globalization;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Provisioning;

namespace FamilyAssistant.Operator.LocalCluster.Node.Sandbox;

/// <summary>
/// One run of a container: a program as process 1 of its own process namespace, so that its end, and nothing less, ends all of its processes. It ends with this
/// process, however that happens.
/// </summary>
internal sealed class SandboxProcess
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StartPoll = TimeSpan.FromMilliseconds(10);
    private readonly Process _process;
    private readonly SandboxSpec _spec;
    private readonly int _id;

    private SandboxProcess(Process process, SandboxSpec spec, ContainerLog log)
    {
        _process = process;
        _spec = spec;
        _id = process.Id;
        Exited = WaitAsync(log);
    }

    /// <summary>Done when every process of the sandbox is gone and its output is in the log: the exit code, 128 + n after signal n.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts it. The environment travels as environment: in arguments everybody could read it.</summary>
    public static SandboxProcess Start(SandboxSpec spec, ContainerLog log)
    {
        var process = Spawn(Sandboxed(spec, spec.Command), spec.Environment);
        return new SandboxProcess(process, spec, log);
    }

    /// <summary>
    /// Asks the program to end. As everywhere, process 1 hears only signals that it handles: a program without a handler for SIGTERM lives on.
    /// </summary>
    public async Task TerminateAsync()
    {
        // Between its start and the program's a sandbox would swallow the signal.
        var started = TimeProvider.System.GetTimestamp();
        while (!Exited.IsCompleted && !IsProgramRunning() && TimeProvider.System.GetElapsedTime(started) < StartLimit)
        {
            await Task.WhenAny(Exited, Task.Delay(StartPoll, TimeProvider.System));
        }

        if (!Exited.IsCompleted)
        {
            Signals.Send(First() ?? _id, Signals.Terminate);
        }
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public void Kill()
    {
        if (!Exited.IsCompleted)
        {
            Signals.Send(First() ?? _id, Signals.Kill);
        }
    }

    /// <summary>
    /// Runs a command beside the program, in the same mounts and namespaces; null when it took too long and was killed. Who is not root cannot go back into a
    /// sandbox: there it runs in another one with the same volumes.
    /// </summary>
    public async Task<CommandResult?> ExecuteAsync(IReadOnlyList<string> command, TimeSpan limit, TimeProvider clock, CancellationToken cancellation)
    {
        if (First() is not { } first)
        {
            return new CommandResult(-1, "", "container not running");
        }

        using var process = Spawn(Environment.IsPrivilegedProcess ? Entered(first, _spec, command) : Sandboxed(_spec, command), _spec.Environment);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = clock.CreateTimer(_ => patience.Cancel(), null, limit, Timeout.InfiniteTimeSpan);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            // The command itself is told by its parent's death.
            process.Kill();
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static IEnumerable<string> Sandboxed(SandboxSpec spec, IReadOnlyList<string> command) =>
    [
        Tool("bwrap"), "--die-with-parent", "--new-session", "--unshare-pid", "--as-pid-1", "--unshare-ipc", "--unshare-uts", "--hostname", spec.HostName,
        .. RootFileSystem.Arguments(spec), "--chdir", spec.WorkingDirectory, "--", .. spec.User.Become(), .. command,
    ];

    private static IEnumerable<string> Entered(int first, SandboxSpec spec, IReadOnlyList<string> command) =>
    [
        Tool("setpriv"), "--pdeathsig", "KILL", "--", Tool("nsenter"), $"--target={first}", "--mount", "--uts", "--ipc", "--pid", $"--wdns={spec.WorkingDirectory}",
        "--", .. spec.User.Become(), .. command,
    ];

    private static Process Spawn(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        // A session of its own: Ctrl-C on the terminal is for this process alone.
        var start = new ProcessStartInfo(Tool("setsid"), arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = ProcessSpawner.Start(start);
        process.StandardInput.Close();
        return process;
    }

    private static string Tool(string name) => SearchPath.Find(name) ?? throw new ProvisioningException($"{name} is not installed");

    private async Task<int> WaitAsync(ContainerLog log)
    {
        var output = log.CopyAsync(_process.StandardOutput.BaseStream, "stdout");
        var error = log.CopyAsync(_process.StandardError.BaseStream, "stderr");
        await _process.WaitForExitAsync();
        await Task.WhenAll(output, error);
        log.Dispose();
        var code = _process.ExitCode;
        _process.Dispose();
        return code;
    }

    /// <summary>Process 1 of the sandbox, as this machine numbers it; null before it is there.</summary>
    private int? First()
    {
        try
        {
            var children = File.ReadAllText($"/proc/{_id}/task/{_id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children is [var child, ..] ? int.Parse(child, CultureInfo.InvariantCulture) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool IsProgramRunning()
    {
        try
        {
            return First() is { } first && File.ReadAllText($"/proc/{first}/comm").Trim() is not ("bwrap" or "setpriv");
        }
        catch (IOException)
        {
            return false;
        }
    }
}
