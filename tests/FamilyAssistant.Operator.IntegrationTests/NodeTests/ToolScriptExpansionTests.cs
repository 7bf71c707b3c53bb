using System.Reflection;
using FamilyAssistant.Operator.LocalCluster.Node.Pods;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>What a kubelet replaces in a command leaves the scripts of backups and restores as they were written.</summary>
public sealed class ToolScriptExpansionTests
{
    public static TheoryData<string> Scripts =>
        [.. typeof(ToolScripts).GetFields(BindingFlags.Public | BindingFlags.Static).Where(constant => constant.FieldType == typeof(string)).Select(constant => constant.Name)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_reaches_bash_word_for_word(string name)
    {
        var script = (string)typeof(ToolScripts).GetField(name)!.GetValue(null)!;

        var command = ToolJob.Script(script);

        Expansion.Expand(command[^1], new Dictionary<string, string> { ["PGHOST"] = "replaced", ["HOSTNAME"] = "replaced" }).ShouldBe(script);
        Expansion.Expand(script, new Dictionary<string, string>()).ShouldNotBe(script, "no script would need it, and this test would be none");
    }
}
