using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

public sealed class BackupNeedsTests
{
    [Fact]
    public void With_everything_there_it_begins() => BackupFixtures.Needs().Obstacle().ShouldBeNull();

    [Fact]
    public void It_waits_for_a_policy() => Waits(BackupFixtures.Needs(("backup", "null")), BackupReasons.NotConfigured, "spec.backup");

    [Fact]
    public void Secrets_are_never_written_without_encryption() => Waits(BackupFixtures.Needs(("backup.encryption", "null")), BackupReasons.EncryptionNotConfigured, "spec.backup.encryption");

    [Fact]
    public void It_waits_for_the_passphrase()
    {
        Waits(BackupFixtures.Needs() with { PassphraseSecret = null }, BackupsReasons.PassphraseNotFound, "Secret backup does not exist");
        Waits(BackupFixtures.Needs() with { PassphraseSecret = BackupFixtures.Secret("backup", ("passphrase", "too-short")) }, BackupsReasons.PassphraseInvalid, "key passphrase").ShouldNotContain("too-short");
        (BackupFixtures.Needs() with { PassphraseSecret = null, Include = [BackupPart.Database] }).Obstacle().ShouldBeNull();
    }

    [Fact]
    public void It_waits_for_the_claims()
    {
        Waits(BackupFixtures.Needs() with { SetClaim = null }, BackupReasons.VolumePending, "fa-backups");
        Waits(BackupFixtures.Needs(("backup.volume.existingClaim", "\"nas\"")) with { SetClaim = null }, BackupReasons.ClaimNotFound, "PersistentVolumeClaim nas");
        Waits(BackupFixtures.Needs() with { SetClaim = BackupFixtures.Claim(phase: "Lost") }, BackupReasons.VolumePending, "fa-backups");
        Waits(BackupFixtures.Needs() with { DataClaim = null }, BackupReasons.VolumePending, "fa-data");
        Waits(BackupFixtures.Needs(("storage.existingClaim", "\"mine\"")) with { DataClaim = null }, BackupReasons.ClaimNotFound, "spec.storage.existingClaim");
        (BackupFixtures.Needs() with { DataClaim = null, Include = [BackupPart.Database] }).Obstacle().ShouldBeNull();
    }

    [Fact]
    public void A_volume_for_one_pod_only_cannot_be_read_beside_the_application()
    {
        var needs = BackupFixtures.Needs() with { DataClaim = BackupFixtures.Claim("ReadWriteOncePod") };

        needs.Obstacle().ShouldBeOfType<ProcedureOutcome.Failed>().Reason.ShouldBe(BackupReasons.VolumeExclusive);
        (needs with { HasPods = false }).Obstacle().ShouldBeNull();
    }

    [Fact]
    public void It_waits_until_the_server_is_known()
    {
        Waits(BackupFixtures.Needs() with { Status = null }, ProcedureReasons.InstanceNotReady, "DatabaseReady");
        Waits(BackupFixtures.Needs() with { Image = null }, ProcedureReasons.InstanceNotReady, "DatabaseReady");
        Waits(BackupFixtures.Needs() with { Generated = null }, ProcedureReasons.InstanceNotReady, "generated keys");
        Waits(BackupFixtures.Needs() with { Status = new InstanceStatus { Conditions = [new Condition { Type = "DatabaseReady", Status = "False", Reason = "AuthenticationFailed", Message = "Correct the Secret.", ObservedGeneration = 1, LastTransitionTime = "" }] } }, ProcedureReasons.InstanceNotReady, "AuthenticationFailed: Correct the Secret.");
        (BackupFixtures.Needs() with { Status = null, Include = [BackupPart.Files] }).Obstacle().ShouldBeNull();
    }

    private static string Waits(BackupNeeds needs, string reason, string says)
    {
        var waiting = needs.Obstacle().ShouldBeOfType<ProcedureOutcome.Waiting>();
        waiting.Reason.ShouldBe(reason);
        waiting.Message.ShouldContain(says);
        return waiting.Message;
    }
}
