using System.Runtime.InteropServices;

namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>kill(2): .NET can only send SIGKILL by itself.</summary>
public static class Signals
{
    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGCONT.</summary>
    public const int Thaw = 18;

    /// <summary>SIGSTOP.</summary>
    public const int Freeze = 19;

    /// <summary>Sends a signal; false when there is no such process (or it is not ours). Signal 0 only asks.</summary>
    public static bool Send(int processId, int signal) => KillNative(processId, signal) == 0;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int KillNative(int processId, int signal);
}
