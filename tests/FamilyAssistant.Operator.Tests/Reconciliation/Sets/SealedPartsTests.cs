using System.Text;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation.Sets;

public sealed class SealedPartsTests
{
    /// <summary><c>printf '{"kind":"List"}' | openssl enc -aes-256-cbc -pbkdf2 -iter 10000 -md sha256 -salt -base64 -pass file:key</c> with the key <c>one-time key</c>.</summary>
    private const string Sealed = "U2FsdGVkX1+y+UxBukUARHov6OZiOa0f16cn0JxAO58=";

    private const string Log = $"something before\n-----BEGIN FAMILY ASSISTANT PART Secrets-----\n{Sealed}\n-----END FAMILY ASSISTANT PART Secrets-----\n";

    [Fact]
    public void A_part_is_opened_with_its_key() => Encoding.UTF8.GetString(SealedParts.Open(Log, BackupPart.Secrets, "one-time key")!).ShouldBe("""{"kind":"List"}""");

    [Fact]
    public void What_is_absent_cut_or_damaged_is_not_opened()
    {
        SealedParts.Open("", BackupPart.Secrets, "one-time key").ShouldBeNull();
        SealedParts.Open(Log, BackupPart.Configuration, "one-time key").ShouldBeNull();
        SealedParts.Open(Log[..^20], BackupPart.Secrets, "one-time key").ShouldBeNull();
        SealedParts.Open(Log.Replace(Sealed, "", StringComparison.Ordinal), BackupPart.Secrets, "one-time key").ShouldBeNull();
        SealedParts.Open(Log.Replace(Sealed, "!" + Sealed, StringComparison.Ordinal), BackupPart.Secrets, "one-time key").ShouldBeNull();
    }

    [Fact]
    public void A_key_is_one_line_and_never_the_same_twice()
    {
        SealedParts.NewKey().ShouldMatch("^[0-9a-f]{64}$");
        SealedParts.NewKey().ShouldNotBe(SealedParts.NewKey());
    }
}
