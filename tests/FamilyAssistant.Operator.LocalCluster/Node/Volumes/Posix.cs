using System.Runtime.InteropServices;

namespace FamilyAssistant.Operator.LocalCluster.Node.Volumes;

/// <summary>What .NET has no call for: owners of files, and a link put in another's place at once.</summary>
internal static class Posix
{
    private const int CurrentFolder = -100;
    private const uint GroupOnly = 0x10;

    /// <summary>Changes the group; the owner stays.</summary>
    public static void ChangeGroup([MarshalAs(UnmanagedType.LPUTF8Str)] string path, long group) => Check(LinkChown(path, uint.MaxValue, (uint)group), path);

    /// <summary>Renames, also a link, over whatever is there.</summary>
    public static void Rename([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to) => Check(RenameNative(from, to), to);

    /// <summary>The group of a file or folder.</summary>
    public static long GroupOf(string path)
    {
        // struct statx: what it holds is at the same place on every architecture; the group is behind mask, block size, attributes, links and owner.
        Span<byte> status = stackalloc byte[256];
        Check(Statx(CurrentFolder, path, 0, GroupOnly, ref MemoryMarshal.GetReference(status)), path);
        return BitConverter.ToUInt32(status[24..28]);
    }

    private static void Check(int result, string path)
    {
        if (result != 0)
        {
            throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int LinkChown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte status);

    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameNative([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
}
