namespace FamilyAssistant.Operator.Runtime.Hosting;

/// <summary>Exit codes of the process; 0 is an ordinary stop.</summary>
public static class ExitCodes
{
    /// <summary>It cannot start, or an unexpected exception ended it; the log says which.</summary>
    public const int Broken = 1;

    /// <summary>It lost its leadership: the platform starts it again, clean.</summary>
    public const int LeadershipLost = 2;

    /// <summary>An argument or an environment variable is wrong (<c>EX_USAGE</c>).</summary>
    public const int Usage = 64;
}
