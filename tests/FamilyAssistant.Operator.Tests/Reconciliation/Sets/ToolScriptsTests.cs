using System.Reflection;
using System.Text.RegularExpressions;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Tests.Architecture;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation.Sets;

/// <summary>What the scripts and the records beside them say of each other.</summary>
public sealed partial class ToolScriptsTests
{
    /// <summary>Longest single argument of a Linux process, in bytes.</summary>
    private const int ArgumentLimit = 131072;

    private static IEnumerable<SourceFile> Files => SourceTree.All.Where(file => file.Path.StartsWith("src/FamilyAssistant.Operator/Reconciliation/Sets/Scripts/", StringComparison.Ordinal));

    private static string All => string.Join('\n', Files.Select(file => file.Text));

    private static Dictionary<string, string> Scripts => typeof(ToolScripts).GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(script => script.Name, script => (string)script.GetValue(null)!);

    [Fact]
    public void Every_script_begins_with_the_library_and_fits_into_an_argument()
    {
        Scripts.Count.ShouldBe(11);
        foreach (var (name, text) in Scripts)
        {
            text.ShouldContain("set -Eeuo pipefail", customMessage: name);
            text.Length.ShouldBeLessThan(ArgumentLimit, name);
        }
    }

    [Fact]
    public void Every_file_is_part_of_a_script() =>
        Files.Where(file => !Scripts.Values.Any(script => script.Contains(file.Text.TrimEnd(), StringComparison.Ordinal))).Select(file => file.Path).ShouldBeEmpty();

    [Fact]
    public void The_reasons_of_the_scripts_are_those_of_the_list()
    {
        var used = Reason().Matches(All).Select(match => match.Groups[1].Value).Concat(AssignedReason().Matches(All).Select(match => match.Groups[1].Value)).Distinct().ToHashSet();

        used.ShouldBe(SetJson.Reasons, ignoreOrder: true);
        typeof(ToolReasons).GetFields().Select(constant => (string)constant.GetRawConstantValue()!).ShouldBe(SetJson.Reasons, ignoreOrder: true);
    }

    [Fact]
    public void The_variables_of_the_scripts_are_those_of_the_list_beside_those_for_tests()
    {
        string[] mounts = ["FA_SET_ROOT", "FA_DATA_ROOT", "FA_INPUT", "FA_SCRATCH", "FA_PASSPHRASE_FILE", "FA_RESULT_FILE"];
        var known = typeof(ToolEnvironment).GetFields().Select(constant => (string)constant.GetRawConstantValue()!).Where(name => name.StartsWith("FA_", StringComparison.Ordinal));

        Variable().Matches(All).Select(match => match.Value).Distinct().ShouldBe(known.Concat(mounts), ignoreOrder: true);
    }

    [Fact]
    public void No_password_is_an_argument() => All.ShouldNotMatch("""(-d|--dbname|--password|-P)[ =]"?\$\{?(PGDATABASE|PGPASSWORD)""");

    [GeneratedRegex(@"(?:fail|[a-z_]+_failure(?: \S+)?|must) ([A-Z][A-Za-z]+) ['""]")]
    private static partial Regex Reason();

    [GeneratedRegex(@"\breason=([A-Z]\w+)")]
    private static partial Regex AssignedReason();

    [GeneratedRegex(@"\bFA_[A-Z0-9_]+")]
    private static partial Regex Variable();
}
