using FamilyAssistant.Operator.LocalCluster.Images;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.StandInTests;

[Collection(StandInCollection.Name)]
public sealed class StandInImagesTests(StandIns standIns)
{
    private const string Repository = "ghcr.io/werdnum/family-assistant";

    [Fact]
    public void Every_tag_of_the_catalogue_has_its_own_files_and_digest()
    {
        string[] tags =
        [
            "20251105_090000", "20260115_101500", "20260222_031455", "20260301_120000", "20260302_080000", "old-telegram", "two-heads", "failing-migration", "slow-migration",
            "one-way-migration", "crash-at-start", "crash-later", "slow-start", "slow-stop", "always-initializing", "turns-unhealthy",
        ];
        var images = tags.Select(tag => standIns.Images.Find($"{Repository}:{tag}").ShouldNotBeNull(tag)).ToList();
        images.Select(image => image.Digest).ShouldBeUnique();
        images.Select(image => image.Mounts.Single().HostPath).ShouldBeUnique();
        images.ShouldAllBe(image => image.User == 1001 && image.WorkingDirectory == "/app");
    }

    [Theory]
    [InlineData("ghcr.io/werdnum/family-assistant:latest", "bin/family-assistant")]
    [InlineData("pgvector/pgvector:pg17", "docker-entrypoint.sh")]
    public void An_image_holds_its_entry_point(string reference, string program)
    {
        var file = Path.Combine(standIns.Images.Find(reference)!.Mounts[0].HostPath, program);
        File.Exists(file).ShouldBeTrue($"{program} is missing: is it committed?");
        File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherExecute).ShouldBeTrue();
    }

    [Fact]
    public void An_older_image_does_not_hold_newer_revisions()
    {
        Versions("20260115_101500").ShouldNotContain("add_is_skill_notes.py");
        Versions("20260222_031455").ShouldContain("add_is_skill_notes.py");
    }

    [Fact]
    public void A_digest_is_the_same_in_another_folder_and_with_another_Bot_API()
    {
        var other = StandInImages.Create(new StandInImageOptions { WorkDirectory = standIns.NewFolder() });
        other.Find($"{Repository}:latest")!.Digest.ShouldBe(standIns.Images.Find($"{Repository}:latest")!.Digest);
        other.Find("pgvector/pgvector:pg17")!.Digest.ShouldBe(standIns.Images.Find("pgvector/pgvector:pg17")!.Digest);
    }

    [Fact]
    public void An_alias_and_a_digest_name_the_same_image()
    {
        var latest = standIns.Images.Find($"{Repository}:latest")!;
        standIns.Images.Find($"{Repository}:20260302_080000")!.Digest.ShouldBe(latest.Digest);
        standIns.Images.Find(Repository)!.Digest.ShouldBe(latest.Digest);
        standIns.Images.Find($"{Repository}@{latest.Digest}")!.Mounts.ShouldBe(latest.Mounts);
        // A digest wins over a tag.
        standIns.Images.Find($"{Repository}:two-heads@{latest.Digest}")!.Digest.ShouldBe(latest.Digest);
    }

    [Theory]
    [InlineData("ghcr.io/werdnum/family-assistant:20990101_000000")]
    [InlineData("ghcr.io/somebody/family-assistant:latest")]
    [InlineData("ghcr.io/werdnum/family-assistant@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("pgvector/pgvector:pg99")]
    public void What_the_catalogue_does_not_know_cannot_be_pulled(string reference) => standIns.Images.Find(reference).ShouldBeNull();

    [Theory]
    [InlineData("pgvector/pgvector:pg17")]
    [InlineData("docker.io/pgvector/pgvector:pg17")]
    public void The_default_registry_may_be_left_out(string reference) => standIns.Images.Find(reference)!.Environment["PG_MAJOR"].ShouldBe("17");

    [Fact]
    public void What_is_added_wins_until_it_is_removed()
    {
        var images = StandInImages.Create(new StandInImageOptions { WorkDirectory = standIns.NewFolder() });
        var image = new LocalImage { Reference = "", Digest = "sha256:1", Entrypoint = ["true"] };
        images.Add("registry.example:5000/team/tool", image);
        images.Add($"{Repository}:latest", image with { Digest = "sha256:2" });

        images.Find("registry.example:5000/team/tool:1.2")!.Reference.ShouldBe("registry.example:5000/team/tool:1.2");
        images.Find("registry.example:5000/team/toolbox:1.2").ShouldBeNull();
        images.Find($"{Repository}:latest")!.Digest.ShouldBe("sha256:2");
        images.Remove($"{Repository}:latest");
        images.Find($"{Repository}:latest")!.Digest.ShouldNotBe("sha256:2");
    }

    private IEnumerable<string?> Versions(string tag) =>
        Directory.GetFiles(Path.Combine(standIns.Images.Find($"{Repository}:{tag}")!.Mounts.Single().HostPath, "alembic", "versions")).Select(Path.GetFileName);
}
