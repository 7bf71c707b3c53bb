using System.Text.RegularExpressions;
using FamilyAssistant.Operator.Tests.Architecture;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>As much of a page as tests have to know: sections, tables, code blocks and links.</summary>
internal sealed partial class MarkdownPage(string path)
{
    private readonly string[] _lines = SourceTree.Read(path).Split('\n');

    /// <summary>Every page of the repository.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
        [.. SourceTree.All.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal)).Select(file => new MarkdownPage(file.Path))];

    /// <summary>Path from the root of the repository.</summary>
    public string Path => path;

    /// <summary>Names of the places that a link may point to, as GitHub makes them of headings.</summary>
    public IEnumerable<string> Anchors => Prose().Where(line => Heading().IsMatch(line)).Select(line => Punctuation().Replace(Title(line).ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Targets of links that are not addresses of the web.</summary>
    public IEnumerable<string> RelativeLinks => Prose()
        .SelectMany(line => Link().Matches(CodeSpan().Replace(line, "")).Select(match => match.Groups[1].Value))
        .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

    /// <summary>Words in code type that look like names of C# types or members.</summary>
    public IEnumerable<string> Names => Prose().SelectMany(line => CodeSpan().Matches(line).Select(match => match.Groups[1].Value)).Where(text => PascalCase().IsMatch(text)).Distinct();

    /// <summary>Rows of the tables below a heading, without their head: the cells, of which code is given without its marks.</summary>
    public IReadOnlyList<string[]> Table(string heading)
    {
        var section = _lines.SkipWhile(line => !(Heading().IsMatch(line) && Title(line) == heading)).Skip(1).TakeWhile(line => !Heading().IsMatch(line)).ToArray();
        var rows = section.Where(line => line.StartsWith('|')).Select(Cells).ToArray();
        return rows.Length > 2 ? [.. rows.Where((row, index) => !row[0].StartsWith("---", StringComparison.Ordinal) && !IsHead(rows, index))]
            : throw new InvalidOperationException($"{path} has no table below the heading \"{heading}\".");
    }

    /// <summary>Contents of the code blocks of a language, with the line on which each begins.</summary>
    public IEnumerable<(int Line, string Text)> Blocks(string language)
    {
        for (var at = 0; at < _lines.Length; at++)
        {
            if (_lines[at].StartsWith("```", StringComparison.Ordinal))
            {
                var end = Array.FindIndex(_lines, at + 1, line => line == "```");
                if (_lines[at] == "```" + language)
                {
                    yield return (at + 1, string.Join('\n', _lines[(at + 1)..end]));
                }

                at = end;
            }
        }
    }

    /// <inheritdoc />
    public override string ToString() => path;

    private static bool IsHead(string[][] rows, int index) => index + 1 < rows.Length && rows[index + 1][0].StartsWith("---", StringComparison.Ordinal);

    private static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`'))];

    private static string Title(string line) => line.TrimStart('#').Trim();

    private IEnumerable<string> Prose()
    {
        var inBlock = false;
        foreach (var line in _lines)
        {
            inBlock ^= line.StartsWith("```", StringComparison.Ordinal);
            if (!inBlock)
            {
                yield return line;
            }
        }
    }

    [GeneratedRegex("^#{1,6} ")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("^[A-Z][a-z]+[A-Z][A-Za-z]+$")]
    private static partial Regex PascalCase();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex Punctuation();
}
