using System.Text;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Backups;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

public sealed class PassphraseTests
{
    private static readonly PassphraseReference Reference = new() { Name = "backup" };

    [Fact]
    public void Secret_and_key_must_be_there()
    {
        Passphrase.Fault(Reference, null)!.Value.Reason.ShouldBe(BackupsReasons.PassphraseNotFound);
        Passphrase.Fault(Reference, new Dictionary<string, byte[]> { ["other"] = [1] })!.Value.Message.ShouldContain("no key passphrase");
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("elevenchars", "shorter than 12")]
    [InlineData("ünïcödë-ele", "shorter than 12")]
    [InlineData("correct horse battery\n", "line break")]
    [InlineData("correct horse\nbattery staple", "line break")]
    [InlineData("correct horse\0battery", "control character")]
    public void It_must_be_one_line_of_some_length(string value, string says)
    {
        var fault = Passphrase.Fault(Reference, Data(Encoding.UTF8.GetBytes(value)))!.Value;
        fault.Reason.ShouldBe(BackupsReasons.PassphraseInvalid);
        fault.Message.ShouldContain(says);
        (value.Length > 0 && fault.Message.Contains(value.Trim(), StringComparison.Ordinal)).ShouldBeFalse("it is a secret");
    }

    [Fact]
    public void It_must_be_text_that_GnuPG_reads_to_its_end()
    {
        Passphrase.Fault(Reference, Data([0xff, 0xfe, .. new byte[20]]))!.Value.Message.ShouldContain("is not text");
        Passphrase.Fault(Reference, Data(Encoding.UTF8.GetBytes(new string('a', 256))))!.Value.Message.ShouldContain("longer than 255 bytes");
        Passphrase.Fault(Reference, Data(Encoding.UTF8.GetBytes(new string('a', 255)))).ShouldBeNull();
    }

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("twelve-chars")]
    [InlineData("пароль с буквами")]
    public void Otherwise_it_is_anybodys_choice(string value) => Passphrase.Fault(Reference, Data(Encoding.UTF8.GetBytes(value))).ShouldBeNull();

    private static Dictionary<string, byte[]> Data(byte[] value) => new() { ["passphrase"] = value };
}
