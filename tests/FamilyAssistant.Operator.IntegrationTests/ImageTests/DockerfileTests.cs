using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.ImageTests;

/// <summary>
/// The image without an engine: the Dockerfile's own lines are carried out on this machine. The native build takes some minutes of two cores, once for each
/// content of the sources; the cache is the one that the benchmark uses. It belongs to every run all the same: nothing else shows a warning about trimming,
/// or a file that the build needs and the Dockerfile does not copy.
/// </summary>
public sealed class DockerfileTests
{
    private static readonly OperatorDockerfile Dockerfile = OperatorDockerfile.Read(RepositoryRoot.Find());

    [Fact]
    public void The_image_is_one_file_that_an_unprivileged_user_runs()
    {
        Dockerfile.Shipped.ShouldBe(new Dictionary<string, string> { [OperatorPublisher.Executable] = $"/{OperatorPublisher.Executable}" });
        Dockerfile.Entrypoint.ShouldBe([$"/{OperatorPublisher.Executable}"]);
        Dockerfile.User.ShouldBe("65532:65532");
        Dockerfile.PublishArguments.ShouldContain("-p:PublishAot=true");
    }

    [Fact]
    public async Task The_publish_step_yields_what_the_image_copies_and_that_runs_by_itself()
    {
        var cancellation = TestContext.Current.CancellationToken;

        var folder = await OperatorPublisher.PublishAsync(OperatorFlavour.Aot, line => Console.Error.WriteLine($"image: {line}"), cancellation);

        OwnWarnings(await File.ReadAllLinesAsync(OperatorPublisher.LogOf(folder), cancellation)).ShouldBeEmpty();
        var executable = Path.Combine(folder, Dockerfile.Shipped.Keys.Single());
        var magic = new byte[4];
        await using (var file = File.OpenRead(executable))
        {
            await file.ReadExactlyAsync(magic, cancellation);
        }

        magic.ShouldBe([0x7f, (byte)'E', (byte)'L', (byte)'F'], "native code");
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".dll" or ".so" or ".json").ShouldBeEmpty("the image would lack them");
        var alone = Directory.CreateTempSubdirectory("image-");
        try
        {
            var shipped = Path.Combine(alone.FullName, OperatorPublisher.Executable);
            File.Copy(executable, shipped);
            (await CommandRunner.CaptureAsync(shipped, ["--version"], cancellation: cancellation)).OutputOrThrow("--version").Trim().ShouldMatch(@"^\d+\.\d+\.\d+");
            var wrong = await CommandRunner.CaptureAsync(shipped, [], new Dictionary<string, string> { ["WORKERS"] = "many" }, cancellation);
            (wrong.ExitCode, wrong.Error.Contains("WORKERS", StringComparison.Ordinal)).ShouldBe((64, true));
            var nowhere = await CommandRunner.CaptureAsync(shipped, [], new Dictionary<string, string> { ["KUBECONFIG"] = "/nonexistent" }, cancellation);
            (nowhere.ExitCode, nowhere.Error.Trim()).ShouldBe((1, "The operator cannot run: The kubeconfig file /nonexistent does not exist."));
        }
        finally
        {
            alone.Delete(recursive: true);
        }
    }

    /// <summary>Warnings of trimming and native compilation that our own code causes; those of libraries name the library.</summary>
    private static IEnumerable<string> OwnWarnings(IEnumerable<string> lines) =>
        lines.Where(line => line.Contains("warning IL", StringComparison.Ordinal) && (line.Contains("/src/FamilyAssistant", StringComparison.Ordinal) || line.Contains("FamilyAssistant.Operator.", StringComparison.Ordinal)));
}
