namespace FamilyAssistant.Operator.LocalCluster.OperatorBuild;

/// <summary>Finds the checkout that the running program was built from.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder with the solution, above the program's own folder or the current one.</summary>
    public static string Find()
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "FamilyAssistant.Operator.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new DirectoryNotFoundException("FamilyAssistant.Operator.sln was not found above the program or the current folder.");
    }
}
