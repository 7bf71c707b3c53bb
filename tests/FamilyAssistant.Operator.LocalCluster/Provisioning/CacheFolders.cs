namespace FamilyAssistant.Operator.LocalCluster.Provisioning;

/// <summary>Where downloaded and built programs stay, and where the state of clusters is: <c>${XDG_CACHE_HOME:-~/.cache}/family-assistant-operator</c>.</summary>
public static class CacheFolders
{
    /// <summary>The root of everything below.</summary>
    public static string Root
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            // The specification of XDG_CACHE_HOME says to ignore a relative path.
            var home = Path.IsPathRooted(cache) ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(home, "family-assistant-operator");
        }
    }

    /// <summary>One folder for each set of control plane programs, named by version and patch level.</summary>
    public static string ControlPlanes => Path.Combine(Root, "control-plane");

    /// <summary>Temporary trees of builds and downloads.</summary>
    public static string Build => Path.Combine(Root, "build");

    /// <summary>What stand-in images need.</summary>
    public static string Images => Path.Combine(Root, "images");

    /// <summary>Data of clusters that the command line started.</summary>
    public static string Clusters => Path.Combine(Root, "clusters");
}
