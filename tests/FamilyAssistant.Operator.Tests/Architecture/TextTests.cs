using System.Collections;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Architecture;

/// <summary>What must not stand anywhere in the tree.</summary>
public sealed partial class TextTests
{
    private static readonly string[] Binary = [".png", ".ico", ".gz", ".zip", ".jar", ".snk", ".dump"];

    /// <summary>Everybody may know these; every other host that a package manager of this machine is configured with is private.</summary>
    private static readonly string[] PublicHosts =
    [
        "api.nuget.org", "www.nuget.org", "pypi.org", "files.pythonhosted.org", "registry.npmjs.org", "proxy.golang.org", "sum.golang.org", "deb.debian.org", "security.debian.org",
        "archive.ubuntu.com", "security.ubuntu.com", "ports.ubuntu.com", "packages.microsoft.com", "github.com", "dl.k8s.io", "docker.io", "ghcr.io", "localhost", "127.0.0.1",
    ];

    private static IEnumerable<SourceFile> TextFiles => SourceTree.All.Where(file => !Binary.Contains(Path.GetExtension(file.Path)));

    [Fact]
    public void No_path_of_a_particular_machine_is_written_down() => Lines(MachinePath()).ShouldBeEmpty();

    [Fact]
    public void No_package_mirror_of_the_machine_that_built_it_is_written_down()
    {
        string[] hosts = [.. MachineConfiguration().SelectMany(text => Url().Matches(text)).Select(match => match.Groups[1].Value.ToLowerInvariant()).Distinct().Except(PublicHosts)];

        TextFiles.SelectMany(file => hosts.Where(host => file.Text.Contains(host, StringComparison.OrdinalIgnoreCase)).Select(host => $"{file}: {host}")).ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_left_for_later() => Lines(Unfinished()).ShouldBeEmpty();

    [Fact]
    public void Text_is_utf8_with_line_feeds_and_ends_with_one() => TextFiles
        .Where(file => file.Path is not "FamilyAssistant.Operator.sln" && file.Text.Length > 0 && (file.Text.Contains('\r') || file.Text[^1] != '\n' || file.Text.Contains('\uFFFD')))
        .Select(file => file.Path)
        .ShouldBeEmpty();

    private static IEnumerable<string> Lines(Regex pattern) => TextFiles
        .SelectMany(file => file.Text.Split('\n').Select((line, index) => (line, index)).Where(at => pattern.IsMatch(at.line)).Select(at => $"{file}:{at.index + 1}: {at.line.Trim()}"));

    /// <summary>Where package managers keep their sources.</summary>
    private static IEnumerable<string> MachineConfiguration()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] files =
        [
            Path.Combine(home, ".nuget/NuGet/NuGet.Config"), Path.Combine(home, ".config/NuGet/NuGet.Config"), Path.Combine(home, ".npmrc"), Path.Combine(home, ".pip/pip.conf"),
            Path.Combine(home, ".config/pip/pip.conf"), "/etc/pip.conf", "/etc/apt/sources.list", .. Folder("/etc/apt/sources.list.d"), .. Folder("/etc/apt/apt.conf.d"),
        ];
        return files.Where(File.Exists).Select(File.ReadAllText)
            .Concat(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Where(variable => SourceVariable().IsMatch((string)variable.Key)).Select(variable => (string)variable.Value!));
    }

    private static string[] Folder(string path) => Directory.Exists(path) ? Directory.GetFiles(path) : [];

    /// <summary>Home and scratch folders; a container's own <c>/work</c>-less paths such as <c>/app</c> and <c>/mnt/data</c> are not among them.</summary>
    [GeneratedRegex(@"(?<![\w.$}~:/-])/(work|root|Users|home/(?!\{)\w+|tmp/\w+)/\w")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"https?://(?:[^/@\s""]*@)?([A-Za-z0-9.-]+\.[A-Za-z0-9-]+)")]
    private static partial Regex Url();

    [GeneratedRegex("PROXY|INDEX|REGISTRY|MIRROR|FEED|NUGET|SOURCES", RegexOptions.IgnoreCase)]
    private static partial Regex SourceVariable();

    /// <summary>Spelled so that this file does not match itself.</summary>
    [GeneratedRegex(@"\bTO[D]O\b|\bFIX[M]E\b|\bXX[X]\b|\bHA[C]K\b|NotImplement[e]dException")]
    private static partial Regex Unfinished();
}
