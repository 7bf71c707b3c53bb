using System.Buffers.Text;
using System.Text;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Secrets;

public sealed class VapidKeyTests
{
    // The key pair of the example in RFC 8291, appendix A (application server's keys are of the same form).
    private const string Private = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
    private const string Public = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";

    [Fact]
    public void The_public_key_is_the_one_that_others_compute() => VapidKey.PublicOf(Encoding.ASCII.GetBytes(Private)).ShouldBe(Public);

    [Fact]
    public void A_generated_public_key_is_an_uncompressed_point()
    {
        var point = Base64Url.DecodeFromChars(VapidKey.Generate().Public);
        point.Length.ShouldBe(65);
        point[0].ShouldBe((byte)4);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("yfWPiYE+n46HLnH0KqZOF1fJJU3MYrct3AELtAQ/oRw")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----")]
    public void What_is_not_a_raw_scalar_has_no_public_key(string text) => VapidKey.PublicOf(Encoding.ASCII.GetBytes(text)).ShouldBeNull();

    [Fact]
    public void A_key_does_not_print_its_private_half()
    {
        var key = VapidKey.Generate();
        key.ToString().ShouldNotContain(key.Private);
    }
}
