using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Images;

namespace FamilyAssistant.Operator.IntegrationTests.StandInTests;

/// <summary>Runs an image as the cluster's node would: own mounts, own host name with an address of its own, the image's user.</summary>
public sealed class Sandbox : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private static int _sandboxes;
    private readonly ChildProcess _process;
    private readonly string _exitCode;

    private Sandbox(ChildProcess process, string exitCode, string address, string name)
    {
        _process = process;
        _exitCode = exitCode;
        Address = address;
        Name = name;
    }

    public string Address { get; }

    public string Name { get; }

    public string Output => File.Exists(_process.LogFile) ? File.ReadAllText(_process.LogFile) : "";

    public bool HasExited => _process.HasExited;

    /// <param name="image">What runs.</param>
    /// <param name="folder">Kept between runs of a test: <c>data</c> in it becomes /mnt/data and PostgreSQL's data folder.</param>
    /// <param name="environment">Beside the image's.</param>
    /// <param name="command">Instead of the image's entry point and command.</param>
    /// <param name="user">Instead of the image's user.</param>
    public static Sandbox Start(LocalImage image, string folder, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string>? command = null, int? user = null)
    {
        var number = Interlocked.Increment(ref _sandboxes);
        var name = $"box-{number}";
        // Below what clusters use for Services and pods; other test runs of this machine have other process ids.
        var address = $"127.{10 + (Environment.ProcessId % 40)}.{Environment.ProcessId / 40 % 250}.{number + 1}";
        var own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        var hosts = Path.Combine(own, "hosts");
        File.WriteAllText(hosts, $"127.0.0.1 localhost\n{address} {name}\n");
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        var id = user ?? image.User;
        List<string> arguments =
        [
            "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-uts", "--hostname", name, "--unshare-ipc", "--clearenv", .. Root(hosts),
            .. image.Mounts.SelectMany(mount => new[] { "--ro-bind", mount.HostPath, mount.ContainerPath }),
            "--bind", data, "/mnt/data", "--dir", "/var/lib/postgresql", "--bind", data, "/var/lib/postgresql/data",
            // The later of two wins.
            .. image.Environment.Concat(environment).SelectMany(variable => new[] { "--setenv", variable.Key, variable.Value }),
            "--chdir", image.WorkingDirectory, "--", .. User(id, data),
            .. command is { Count: > 0 } ? command : [.. image.Entrypoint, .. image.Command],
        ];
        // A process that nobody waits for leaves no code: the shell writes it down.
        var exitCode = Path.Combine(own, "exit-code");
        string[] wrapped = ["-c", "file=$1; shift; \"$@\"; echo $? > \"$file\"", "sh", exitCode, "bwrap", .. arguments];
        return new Sandbox(ChildProcess.Start(name, "/bin/sh", wrapped, Path.Combine(own, "log")), exitCode, address, name);
    }

    /// <summary>SIGTERM to the program, as a node sends it.</summary>
    public void Terminate() => Signals.Send(Program(), Signals.Terminate);

    /// <summary>SIGKILL to the program.</summary>
    public void Kill() => Signals.Send(Program(), Signals.Kill);

    public async Task<int> WaitForExitAsync()
    {
        await Wait.ForAsync(() => Task.FromResult(_process.HasExited && File.Exists(_exitCode)), $"the end of {Name}; it wrote:\n{Output}", TimeSpan.FromMinutes(1));
        return int.Parse(File.ReadAllText(_exitCode), CultureInfo.InvariantCulture);
    }

    public Task WaitForOutputAsync(string text) => Wait.ForAsync(
        () => Output.Contains(text, StringComparison.Ordinal) ? Task.FromResult(true)
            : HasExited ? throw new InvalidOperationException($"{Name} ended without writing '{text}' but:\n{Output}") : Task.FromResult(false),
        $"'{text}' from {Name}",
        TimeSpan.FromMinutes(1));

    /// <summary>Waits until /health shows this status.</summary>
    public async Task<(HttpStatusCode Code, string Reason)> WaitForHealthAsync(string status)
    {
        var answer = await Wait.ForAsync(
            async () =>
            {
                if (HasExited)
                {
                    throw new InvalidOperationException($"{Name} ended. It wrote:\n{Output}");
                }

                return await HealthAsync() is { } health && health.Status == status ? health : null;
            },
            $"health {status} of {Name}",
            TimeSpan.FromMinutes(1));
        return (answer.Code, answer.Reason);
    }

    /// <summary>What /health says now; null when nothing answers.</summary>
    public async Task<Health?> HealthAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://{Address}:8000/health"));
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            return new Health(answer.StatusCode, (string)body["status"]!, (string)body["reason"]!);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async Task<JsonNode> StateAsync() => JsonNode.Parse(await Http.GetStringAsync(new Uri($"http://{Address}:8000/standin/state")))!;

    public async Task PostAsync(string path, HttpContent content)
    {
        using var answer = await Http.PostAsync(new Uri($"http://{Address}:8000{path}"), content);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync() => await _process.DisposeAsync();

    private static IEnumerable<string> Root(string hosts) =>
    [
        "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/sbin", "/sbin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
        "--ro-bind", "/etc", "/etc", "--ro-bind", hosts, "/etc/hosts", "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm",
        "--perms", "1777", "--tmpfs", "/tmp", "--perms", "1777", "--tmpfs", "/run", "--dir", "/var", "--symlink", "../run", "/var/run",
        "--dir", "/mnt", "--dir", "/opt", "--dir", "/var/lib",
    ];

    /// <summary>Only root can become somebody else; everybody else runs the image as themselves.</summary>
    private static string[] User(int id, string data)
    {
        if (!Environment.IsPrivilegedProcess || id == 0)
        {
            return [];
        }

        File.SetUnixFileMode(data, (UnixFileMode)0b111_111_111);
        return ["setpriv", $"--reuid={id}", $"--regid={id}", "--clear-groups", "--"];
    }

    /// <summary>The innermost of shell, sandbox and program.</summary>
    private int Program()
    {
        var id = _process.Id;
        while (File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var child, ..]
            && File.ReadAllText($"/proc/{id}/comm").Trim() is "sh" or "bwrap")
        {
            id = int.Parse(child, CultureInfo.InvariantCulture);
        }

        return id;
    }

    public sealed record Health(HttpStatusCode Code, string Status, string Reason);
}
