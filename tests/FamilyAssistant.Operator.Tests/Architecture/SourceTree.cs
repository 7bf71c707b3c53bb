namespace FamilyAssistant.Operator.Tests.Architecture;

/// <summary>The files of this repository as they lie on disk, without what builds and tools leave behind.</summary>
internal static class SourceTree
{
    private static readonly string[] Ignored = [".git", ".vs", ".idea", "bin", "obj", "artifacts", "TestResults", "__pycache__", ".pytest_cache"];

    /// <summary>Folder of the solution file.</summary>
    public static string Root { get; } = FindRoot();

    private static readonly Lazy<IReadOnlyList<SourceFile>> Everything = new(() => [.. Walk(new DirectoryInfo(Root)).Select(path => new SourceFile(path))]);

    /// <summary>Every file.</summary>
    public static IReadOnlyList<SourceFile> All => Everything.Value;

    /// <summary>Every C# file of the product.</summary>
    public static IEnumerable<SourceFile> Product => All.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal) && file.IsCSharp);

    /// <summary>C# files below a folder, which must exist and not be empty: a test over nothing would always pass.</summary>
    public static IReadOnlyList<SourceFile> CSharpOf(string folder)
    {
        SourceFile[] files = [.. All.Where(file => file.IsCSharp && file.Path.StartsWith(folder + "/", StringComparison.Ordinal))];
        return files.Length > 0 ? files : throw new InvalidOperationException($"There is no C# file below {folder}.");
    }

    /// <summary>Names of the folders directly below a folder.</summary>
    public static IReadOnlyList<string> FoldersOf(string folder) =>
        [.. CSharpOf(folder).Select(file => file.Path[(folder.Length + 1)..]).Where(rest => rest.Contains('/')).Select(rest => rest[..rest.IndexOf('/')]).Distinct().Order()];

    /// <summary>Text of one file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(file => file.LinkTarget is null && !Ignored.Contains(file.Name)).Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Concat(folder.EnumerateDirectories().Where(child => child.LinkTarget is null && !Ignored.Contains(child.Name)).SelectMany(Walk));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FamilyAssistant.Operator.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository: no solution file above them.");
    }
}

/// <summary>One file.</summary>
/// <param name="Path">Path from the root, with forward slashes.</param>
internal sealed record SourceFile(string Path)
{
    private readonly Lazy<string> _text = new(() => SourceTree.Read(Path));
    private readonly Lazy<string> _code = new(() => CodeText.Blank(SourceTree.Read(Path)));

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Text => _text.Value;

    /// <summary>The text with comments, strings and characters replaced by spaces; lines and columns stay.</summary>
    public string Code => _code.Value;

    public int Lines => Text.AsSpan().Count('\n') + (Text.Length > 0 && Text[^1] != '\n' ? 1 : 0);

    public override string ToString() => Path;
}
