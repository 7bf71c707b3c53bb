namespace FamilyAssistant.Operator.LocalCluster.Provisioning;

/// <summary>Programs of this machine.</summary>
public static class SearchPath
{
    /// <summary>The full path of a program on PATH (or in the folders for administrators, which are not on everybody's PATH); null when it is not there.</summary>
    public static string? Find(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"])
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(IsExecutable);

    /// <summary>Whether a file exists and may be run.</summary>
    public static bool IsExecutable(string path)
        => File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
