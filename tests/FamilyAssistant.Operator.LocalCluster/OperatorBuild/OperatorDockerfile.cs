using System.Text.Json;

namespace FamilyAssistant.Operator.LocalCluster.OperatorBuild;

/// <summary>
/// What the Dockerfile says, as far as it can be done without an engine: which files the build sees, how it publishes, what the image gets of that.
/// Read from the file itself, so that what is tested here and what an engine does cannot drift apart.
/// </summary>
/// <param name="Sources">Files and folders of the repository that the build stage copies, to the same place.</param>
/// <param name="PublishArguments">Arguments of <c>dotnet</c>; <c>$rid</c> stands for the platform.</param>
/// <param name="Output">Folder that it publishes to.</param>
/// <param name="Shipped">Files of that folder that the image gets, and where.</param>
/// <param name="Entrypoint">Command of the image.</param>
/// <param name="User">User and group of the image.</param>
public sealed record OperatorDockerfile(
    IReadOnlyList<string> Sources, IReadOnlyList<string> PublishArguments, string Output, IReadOnlyDictionary<string, string> Shipped, IReadOnlyList<string> Entrypoint, string User)
{
    /// <summary>Name of the file in the repository.</summary>
    public const string FileName = "Dockerfile";

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidOperationException">It is not as this class expects.</exception>
    public static OperatorDockerfile Read(string repository)
    {
        var lines = Instructions(File.ReadAllText(Path.Combine(repository, FileName))).ToList();
        string[][] copies = [.. lines.Where(line => line.Name == "COPY").Select(line => line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        var publish = Words(Single(lines, "RUN", text => text.Contains("dotnet publish", StringComparison.Ordinal)));
        var output = Array.IndexOf(publish, "-o") is > 0 and var index ? publish[index + 1] : throw new InvalidOperationException("dotnet publish in the Dockerfile has no -o");
        return new OperatorDockerfile(
            [.. copies.Where(words => !IsFromStage(words)).SelectMany(words => words[..^1].Select(source => Kept(source, words[^1])))],
            publish,
            output,
            copies.Where(IsFromStage).ToDictionary(words => Path.GetRelativePath(output, words[1]), words => words[2]),
            JsonSerializer.Deserialize<string[]>(Single(lines, "ENTRYPOINT", _ => true))!,
            Single(lines, "USER", _ => true));
    }

    /// <summary>Copies what the build stage would see.</summary>
    public void StageSources(string repository, string folder)
    {
        foreach (var source in Sources)
        {
            var from = Path.Combine(repository, source);
            string[] files = Directory.Exists(from) ? [.. SourceFiles(from)] : [from];
            foreach (var file in files)
            {
                var target = Path.Combine(folder, Path.GetRelativePath(repository, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }
    }

    /// <summary>Files below a folder, without what builds leave there.</summary>
    public static IEnumerable<string> SourceFiles(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal));

    private static bool IsFromStage(string[] words) => words[0].StartsWith("--from=", StringComparison.Ordinal);

    private static string Kept(string source, string target) => target is "./" || target == source
        ? source.TrimEnd('/')
        : throw new InvalidOperationException($"the Dockerfile copies {source} to another place, {target}");

    private static string Single(IEnumerable<(string Name, string Text)> lines, string name, Func<string, bool> which) => lines.Where(line => line.Name == name && which(line.Text)).ToList() is [var one]
        ? one.Text
        : throw new InvalidOperationException($"the Dockerfile has no {name}, or several");

    /// <summary>The words after <c>dotnet</c>, up to the end of that command.</summary>
    private static string[] Words(string run)
    {
        var command = run.Split("&&").Single(part => part.Contains("dotnet publish", StringComparison.Ordinal));
        return [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('"')).SkipWhile(word => word != "dotnet").Skip(1)];
    }

    private static IEnumerable<(string Name, string Text)> Instructions(string file)
    {
        var text = string.Join('\n', file.Split('\n').Where(line => !line.StartsWith('#'))).Replace("\\\n", " ", StringComparison.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            yield return space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
        }
    }
}
