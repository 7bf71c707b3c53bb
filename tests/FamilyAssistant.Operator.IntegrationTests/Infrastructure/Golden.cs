using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using Shouldly;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>Compares a text with a file beside the tests; <c>UPDATE_GOLDEN=1</c> rewrites it, for a person to look at.</summary>
internal static class Golden
{
    public static void ShouldMatch(string name, string actual)
    {
        var file = Path.Combine(RepositoryRoot.Find(), "tests", "FamilyAssistant.Operator.IntegrationTests", "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Environment.GetEnvironmentVariable("CI").ShouldBeNullOrEmpty("golden files are never rewritten in CI");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        File.Exists(file).ShouldBeTrue($"{file} is missing: run the test with UPDATE_GOLDEN=1 and look at what it wrote");
        actual.ShouldBe(File.ReadAllText(file), file);
    }
}
