using FamilyAssistant.Operator.Concerns.Workload;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

public sealed class RunningImageTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("ghcr.io/x/fa:1", "ghcr.io/x/fa@" + Digest, "ghcr.io/x/fa:1@" + Digest, "1")]
    [InlineData("ghcr.io/x/fa:1", "docker-pullable://ghcr.io/x/fa@" + Digest, "ghcr.io/x/fa:1@" + Digest, "1")]
    [InlineData("ghcr.io/x/fa:1", "docker://" + Digest, "ghcr.io/x/fa:1", "1")]
    [InlineData("ghcr.io/x/fa:1", Digest, "ghcr.io/x/fa:1", "1")]
    [InlineData("ghcr.io/x/fa:1", "", "ghcr.io/x/fa:1", "1")]
    [InlineData("localhost:5000/fa@" + Digest, "localhost:5000/fa@" + Digest, "localhost:5000/fa@" + Digest, "sha256:0123456789ab")]
    [InlineData("ghcr.io/x/fa:1@" + Digest, "", "ghcr.io/x/fa:1@" + Digest, "1")]
    public void The_reference_can_be_pulled_again(string image, string imageId, string reference, string version)
    {
        var running = RunningImage.Of([Pod(image, imageId, isRunning: true)]).ShouldNotBeNull();
        running.Reference.ShouldBe(reference);
        running.Version.ShouldBe(version);
    }

    [Fact]
    public void An_image_that_does_not_run_is_none() => RunningImage.Of([Pod("ghcr.io/x/fa:1", "", isRunning: false)]).ShouldBeNull();

    private static V1Pod Pod(string image, string imageId, bool isRunning) => new()
    {
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "family-assistant", Image = image }] },
        Status = new V1PodStatus
        {
            ContainerStatuses =
            [
                new V1ContainerStatus
                {
                    Name = "family-assistant",
                    ImageID = imageId,
                    State = new V1ContainerState { Running = isRunning ? new V1ContainerStateRunning() : null },
                },
            ],
        },
    };
}
