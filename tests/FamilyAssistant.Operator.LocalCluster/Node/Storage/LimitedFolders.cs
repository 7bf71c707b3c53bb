using FamilyAssistant.Operator.LocalCluster.Provisioning;

namespace FamilyAssistant.Operator.LocalCluster.Node.Storage;

/// <summary>Folders that can be full: memory, mounted with a size. Only where this process may mount; the machine's own disk has no such limits for a folder.</summary>
internal static class LimitedFolders
{
    private static readonly Lazy<Task<bool>> Possible = new(TryAsync);

    /// <summary>Whether this process may mount, tried once.</summary>
    public static Task<bool> ArePossibleAsync() => Possible.Value;

    /// <summary>Gives an existing, empty folder a size in bytes.</summary>
    public static Task MountAsync(string folder, decimal size) => RunAsync("mount", "-t", "tmpfs", "-o", $"size={size:F0},mode=777", "localcluster", folder);

    /// <summary>Changes the size; what is in the folder stays.</summary>
    public static Task ResizeAsync(string folder, decimal size) => RunAsync("mount", "-o", $"remount,size={size:F0}", folder);

    /// <summary>Whether a folder has a size of its own.</summary>
    public static bool IsMounted(string folder) => File.ReadLines("/proc/self/mounts").Any(line => line.Split(' ')[1] == folder);

    /// <summary>Takes the size away again, and with it the content; pods that still use it keep it until they end.</summary>
    public static Task UnmountAsync(string folder) => RunAsync("umount", "--lazy", folder);

    private static async Task<bool> TryAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return false;
        }

        var folder = Directory.CreateTempSubdirectory("localcluster-mount-");
        try
        {
            await MountAsync(folder.FullName, 4096);
            await UnmountAsync(folder.FullName);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        finally
        {
            folder.Delete();
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var result = await CommandRunner.CaptureAsync(program, arguments);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {result.Error.Trim()}");
        }
    }
}
