using FamilyAssistant.Operator.CrdGenerator.Output;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Api;

public sealed class GeneratedFilesTests
{
    public static TheoryData<string> Paths => [.. GeneratedFiles.Build().Keys];

    [Theory]
    [MemberData(nameof(Paths))]
    public void What_is_committed_is_what_the_records_say(string path) =>
        Repository.Read(path).ShouldBe(GeneratedFiles.Build()[path], "run make crds and commit the result");

    [Fact]
    public void The_kustomization_lists_every_definition() =>
        Directory.GetFiles(Repository.PathOf("crds"), "family-assistant.io_*.yaml").Select(Path.GetFileName).Order()
            .ShouldBe(Repository.Read("crds", "kustomization.yaml").Split('\n').Where(l => l.StartsWith("- ", StringComparison.Ordinal)).Select(l => l[2..]));
}
