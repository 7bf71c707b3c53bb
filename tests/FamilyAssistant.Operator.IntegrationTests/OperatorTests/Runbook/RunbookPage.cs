using System.Text.RegularExpressions;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Runbook;

/// <summary>What to type or to apply.</summary>
/// <param name="Language"><c>sh</c> or <c>yaml</c>.</param>
/// <param name="Text">As it stands there.</param>
internal sealed record RunbookBlock(string Language, string Text)
{
    /// <summary>A part of the instance, which begins with its spec; else a whole object.</summary>
    public bool IsPartOfInstance => Language == "yaml" && Text.StartsWith("spec:", StringComparison.Ordinal);
}

/// <summary>The sections of <c>docs/runbook.md</c> with what they tell to do, in their order.</summary>
internal static partial class RunbookPage
{
    /// <summary>Numbers of the sections that tell to do something, and what.</summary>
    public static IReadOnlyList<(string Number, IReadOnlyList<RunbookBlock> Blocks)> Sections { get; } = Read();

    private static List<(string, IReadOnlyList<RunbookBlock>)> Read()
    {
        List<(string, IReadOnlyList<RunbookBlock>)> sections = [];
        foreach (var section in Heading().Split(File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "runbook.md"))).Skip(1))
        {
            RunbookBlock[] blocks = [.. Block().Matches(section).Select(block => new RunbookBlock(block.Groups[1].Value, block.Groups[2].Value))];
            if (blocks.Length > 0)
            {
                sections.Add((section[..section.IndexOf(' ', StringComparison.Ordinal)], blocks));
            }
        }

        return sections;
    }

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^```(sh|yaml)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
