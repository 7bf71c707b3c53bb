using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Node.Sandbox;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>Makes a run of what a pod and an image say about a container.</summary>
internal sealed class ContainerStarter(PodServices services)
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const UnixFileMode WritableFile = (UnixFileMode)0b110_110_110;

    /// <param name="scene">Its pod.</param>
    /// <param name="container">What runs.</param>
    /// <param name="pulled">Its image.</param>
    /// <param name="attempt">How often it ran before.</param>
    /// <param name="cancellation">The node ends.</param>
    /// <exception cref="ContainerConfigException">It cannot be made now.</exception>
    public async Task<ContainerRun> StartAsync(PodScene scene, V1Container container, PulledImage pulled, int attempt, CancellationToken cancellation)
    {
        var user = ContainerUsers.Of(scene.Pod, container, pulled.Image);
        var given = await services.Environment.BuildAsync(scene.Pod, container, new PodIps(scene.Network.Address, services.NodeAddress), cancellation);
        var terminationFile = NewFile(scene.Folder, "termination", $"{container.Name}-{attempt}");
        await File.WriteAllTextAsync(terminationFile, "", cancellation);
        File.SetUnixFileMode(terminationFile, WritableFile);
        var spec = new SandboxSpec
        {
            HostName = scene.Pod.Spec.Hostname ?? scene.Pod.Metadata.Name,
            HostsFile = scene.Network.HostsFile,
            ImageMounts = pulled.Image.Mounts,
            Mounts = [.. ContainerMounts.Of(scene, container, given), new SandboxMount(terminationFile, container.TerminationMessagePath ?? "/dev/termination-log", ReadOnly: false)],
            ReadOnlyRoot = container.SecurityContext?.ReadOnlyRootFilesystem == true,
            WorkingDirectory = string.IsNullOrEmpty(container.WorkingDir) ? pulled.Image.WorkingDirectory : container.WorkingDir,
            Command = Command(container, pulled.Image, given),
            Environment = Environment(scene, user, pulled.Image, given),
            User = user,
        };
        var log = new ContainerLog(NewFile(scene.Folder, "logs", $"{container.Name}-{attempt}.log"), services.Clock);
        var startedAt = services.Now;
        var metadata = scene.Pod.Metadata;
        var run = new ContainerRun(pulled, SandboxProcess.Start(spec, log), log, terminationFile, startedAt, services.Clock);
        var end = services.History.Begin(new ContainerInterval(metadata.NamespaceProperty, metadata.Name, metadata.Uid, container.Name, startedAt, End: null) { Environment = given });
        _ = run.Ended.ContinueWith(ended => end(ended.Result.At), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return run;
    }

    private static List<string> Command(V1Container container, LocalImage image, IReadOnlyDictionary<string, string> variables)
    {
        string[]? command = container.Command is { Count: > 0 } own ? [.. own.Select(word => Expansion.Expand(word, variables))] : null;
        string[]? arguments = container.Args is { Count: > 0 } given ? [.. given.Select(word => Expansion.Expand(word, variables))] : null;
        // A command of its own makes the image's arguments meaningless.
        return [.. command ?? image.Entrypoint, .. arguments ?? (command is null ? image.Command : [])];
    }

    private static Dictionary<string, string> Environment(PodScene scene, SandboxUser user, LocalImage image, IReadOnlyDictionary<string, string> given)
    {
        var all = new Dictionary<string, string>
        {
            ["PATH"] = DefaultPath,
            ["HOSTNAME"] = scene.Pod.Spec.Hostname ?? scene.Pod.Metadata.Name,
            ["HOME"] = user.Uid == 0 ? "/root" : "/",
        };
        foreach (var (name, value) in image.Environment.Concat(given))
        {
            all[name] = value;
        }

        return all;
    }

    private static string NewFile(string folder, string kind, string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(folder, kind)).FullName, name);
}
