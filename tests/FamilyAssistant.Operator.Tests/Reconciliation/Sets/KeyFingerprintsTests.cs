using System.Text;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation.Sets;

public sealed class KeyFingerprintsTests
{
    private const string Set = "20261126t020000z-3f2a9c1b";
    private static readonly byte[] HashKey = [1, 2, 3];
    private static readonly string Key = KeyFingerprints.KeyOf(HashKey, Set);

    [Fact]
    public void The_key_is_the_same_for_a_set_and_other_for_other_sets_and_instances()
    {
        KeyFingerprints.KeyOf(HashKey, Set).ShouldBe(Key);
        Key.Length.ShouldBe(64);
        KeyFingerprints.KeyOf(HashKey, Set + "0").ShouldNotBe(Key);
        KeyFingerprints.KeyOf([1, 2, 4], Set).ShouldNotBe(Key);
    }

    [Fact]
    public void A_fingerprint_depends_on_key_name_and_value_and_not_on_what_pads_a_value()
    {
        var fingerprint = KeyFingerprints.Of(Key, "A", "secret"u8);

        fingerprint.ShouldMatch("^[0-9a-f]{64}$");
        KeyFingerprints.Of(Key, "A", "secret=\r\n"u8).ShouldBe(fingerprint);
        KeyFingerprints.Of(Key, "A", "Secret"u8).ShouldNotBe(fingerprint);
        KeyFingerprints.Of(Key, "B", "secret"u8).ShouldNotBe(fingerprint);
        KeyFingerprints.Of("00", "A", "secret"u8).ShouldNotBe(fingerprint);
    }

    [Fact]
    public void Keys_that_changed_or_went_away_are_named_and_new_ones_are_not()
    {
        var manifest = Manifest(Values(("VAPID_PRIVATE_KEY", "one"), ("SESSION_SECRET_KEY", "two")));

        KeyFingerprints.Different(manifest, Values(("VAPID_PRIVATE_KEY", "one"), ("SESSION_SECRET_KEY", "two"))).ShouldBeEmpty();
        KeyFingerprints.Different(manifest, Values(("VAPID_PRIVATE_KEY", "other"), ("SESSION_SECRET_KEY", "two"))).ShouldBe(["VAPID_PRIVATE_KEY"]);
        KeyFingerprints.Different(manifest, Values(("VAPID_PRIVATE_KEY", "one"))).ShouldBe(["SESSION_SECRET_KEY"]);
        KeyFingerprints.Different(Manifest(Values()), Values(("VAPID_PRIVATE_KEY", "one"))).ShouldBeEmpty();
        KeyFingerprints.Different(manifest with { FingerprintKey = null }, Values()).ShouldBeEmpty();
    }

    private static SetManifest Manifest(Func<string, byte[]?> values) => new()
    {
        SchemaVersion = 1, SetId = Set, Instance = new SetInstance("n", "i", "u"), CreatedAt = "", Include = [], FingerprintKey = Key, Keys = KeyFingerprints.Of(Key, values),
    };

    private static Func<string, byte[]?> Values(params (string Name, string Value)[] values) =>
        name => values.Where(entry => entry.Name == name).Select(entry => Encoding.UTF8.GetBytes(entry.Value)).FirstOrDefault();
}
