using System.Text.RegularExpressions;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Architecture;

/// <summary>Dependencies point down (docs/architecture.md, "Floors"). Who breaks this breaks the reason why a part can be understood alone.</summary>
public sealed partial class FloorTests
{
    private const string Operator = "src/FamilyAssistant.Operator";

    /// <summary>Folder of the operator → folders of the operator that it may name. What is not listed here has no floor and fails.</summary>
    private static readonly Dictionary<string, string[]> MayName = new()
    {
        ["Reconciliation"] = [],
        ["Ports"] = [],
        ["Options"] = [],
        ["Adapters"] = ["Ports"],
        ["Concerns"] = ["Reconciliation", "Ports"],
        ["Controllers"] = ["Reconciliation", "Ports", "Concerns", "Options"],
    };

    [Fact]
    public void Every_folder_of_the_operator_has_a_floor() =>
        SourceTree.FoldersOf(Operator).ShouldBe(MayName.Keys, ignoreOrder: true);

    [Fact]
    public void Folders_of_the_operator_name_only_folders_below_them() =>
        SourceTree.CSharpOf(Operator)
            .SelectMany(file => OperatorFolder().Matches(file.Code).Select(match => match.Groups[1].Value).Distinct().Select(named => (file, named)))
            .Where(use => FolderOf(use.file) is { } folder && folder != use.named && !MayName[folder].Contains(use.named))
            .Select(use => $"{use.file} names {use.named}")
            .ShouldBeEmpty();

    [Fact]
    public void Api_knows_nothing_of_the_runtime_or_the_operator() =>
        SourceTree.CSharpOf("src/FamilyAssistant.Operator.Api")
            .Where(file => AnythingButApi().IsMatch(file.Code)).Select(file => file.Path)
            .Concat(References(typeof(WireNames)).Where(name => name.Contains("operator", StringComparison.OrdinalIgnoreCase)))
            .ShouldBeEmpty();

    [Fact]
    public void Runtime_knows_no_kind_and_no_name_of_family_assistant() =>
        SourceTree.CSharpOf("src/FamilyAssistant.Operator.Runtime")
            .SelectMany(file => file.Text.Replace("FamilyAssistant.Operator.Runtime", "", StringComparison.Ordinal).Split('\n').Where(line => ProductWord().IsMatch(line)).Select(line => $"{file}: {line.Trim()}"))
            .Concat(References(typeof(IClusterApi)).Where(name => name.Contains("operator", StringComparison.OrdinalIgnoreCase)))
            .ShouldBeEmpty();

    [Fact]
    public void Reconciliation_does_no_io_of_its_own() =>
        SourceTree.CSharpOf($"{Operator}/Reconciliation")
            .SelectMany(file => OutsideWorld().Matches(file.Code).Select(match => $"{file} uses {match.Value}"))
            .ShouldBeEmpty();

    [Fact]
    public void In_reconciliation_only_what_runs_steps_and_Jobs_and_writes_objects_or_status_waits() =>
        SourceTree.CSharpOf($"{Operator}/Reconciliation").Where(file => Awaits().IsMatch(file.Code)).Select(file => file.Name)
            .ShouldBe([nameof(InstanceObjects), nameof(PipelineRunner), nameof(StatusWriter), "ProcedureStatusWriter", "WorkloadReader", "JobRunner"], ignoreOrder: true);

    [Fact]
    public void The_client_library_and_the_database_driver_are_named_only_where_they_belong() =>
        SourceTree.CSharpOf(Operator)
            .Where(file => !file.Path.StartsWith($"{Operator}/Adapters/", StringComparison.Ordinal))
            .SelectMany(file => Drivers().Matches(file.Code).Select(match => $"{file} uses {match.Value}"))
            .ShouldBeEmpty();

    private static string? FolderOf(SourceFile file)
    {
        var rest = file.Path[(Operator.Length + 1)..];
        return rest.Contains('/') ? rest[..rest.IndexOf('/')] : null;
    }

    private static IEnumerable<string> References(Type inAssembly) => inAssembly.Assembly.GetReferencedAssemblies().Select(name => name.Name!);

    /// <summary>Fully qualified, in a using, or relative to our own namespace.</summary>
    [GeneratedRegex(@"(?<!\bRuntime\.)(?<!\bApi\.)\b(Reconciliation|Ports|Options|Adapters|Concerns|Controllers)(?=[.;])(?!\.(Builder|Create)\b)")]
    private static partial Regex OperatorFolder();

    [GeneratedRegex(@"FamilyAssistant\.Operator\.(?!Api\b)\w+|\bRuntime\.(Caching|Cluster|Controllers|Events|Owned|Hosting)\b")]
    private static partial Regex AnythingButApi();

    [GeneratedRegex("family.?assistant|telegram|alembic|pgvector|npgsql", RegexOptions.IgnoreCase)]
    private static partial Regex ProductWord();

    [GeneratedRegex(@"\b(System\.Net|System\.IO|Npgsql|HttpClient|Socket|File|Directory|Process|Environment|Random|TimeProvider|IClusterApi\.GetAsync)\b(?=[.;(\s])")]
    private static partial Regex OutsideWorld();

    [GeneratedRegex(@"\bawait\b")]
    private static partial Regex Awaits();

    [GeneratedRegex(@"\b(Npgsql\w*|HttpClient|Socket)\b")]
    private static partial Regex Drivers();
}
