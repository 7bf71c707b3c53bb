namespace FamilyAssistant.Operator.LocalCluster.Provisioning;

/// <summary>One process at a time: APT, downloads and builds write the same files. The lock ends with the process.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    public static async Task<FileLock> AcquireAsync(string path, Action<string> progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var waited = 0; ; waited++)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                if (waited % 8 == 0)
                {
                    progress("another run prepares this machine; waiting for it");
                }

                await Task.Delay(Interval, TimeProvider.System, cancellation);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
