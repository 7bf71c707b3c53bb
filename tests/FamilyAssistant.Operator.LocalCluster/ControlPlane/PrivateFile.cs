namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>Files that only their owner may read, from their first byte on.</summary>
internal static class PrivateFile
{
    public static void Write(string path, string content)
    {
        File.Delete(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(path, options);
        writer.Write(content);
    }
}
