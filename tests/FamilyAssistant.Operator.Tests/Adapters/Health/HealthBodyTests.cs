using System.Text;
using FamilyAssistant.Operator.Adapters.Health;
using FamilyAssistant.Operator.Ports;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Health;

public sealed class HealthBodyTests
{
    [Theory]
    [InlineData("""{"status": "ok", "reason": "Telegram polling active"}""", "ok", "Telegram polling active")]
    [InlineData("""{"reason": "x", "status": "unhealthy", "version": 3, "more": {"status": "ok"}}""", "unhealthy", "x")]
    [InlineData("""{"status": "healthy"}""", "healthy", "")]
    [InlineData("""{"status": "healthy", "reason": null}""", "healthy", "")]
    [InlineData("""{"status": "healthy", "reason": ["x"]}""", "healthy", "")]
    [InlineData("""{"status": "ok", "reason": "caf\u00e9 \ud83e\udd8a"}""", "ok", "café 🦊")]
    public void What_the_application_says(string body, string status, string reason) => Parse(body).ShouldBe(new HealthObservation(status, reason));

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"ok\"")]
    [InlineData("{}")]
    [InlineData("""{"status": ""}""")]
    [InlineData("""{"status": 1}""")]
    [InlineData("""{"status": {"ok": true}}""")]
    [InlineData("""{"Status": "ok"}""")]
    [InlineData("""{"status": "ok" """)]
    [InlineData("""{"status": "\ud83e"}""")]
    [InlineData("<html><body>ok</body></html>")]
    public void Anything_else_is_no_answer(string body) => Parse(body).ShouldBeNull();

    [Fact]
    public void Bytes_that_are_no_text_are_no_answer() => HealthBody.Parse([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]).ShouldBeNull();

    [Fact]
    public void A_body_that_goes_deep_is_no_answer() => Parse(string.Concat(Enumerable.Repeat("{\"a\":", 2000))).ShouldBeNull();

    [Fact]
    public void Long_texts_are_cut()
    {
        var found = Parse($$"""{"status": "{{new string('s', 200)}}", "reason": "{{new string('r', 9000)}}"}""")!;
        (found.Status.Length, found.Reason.Length).ShouldBe((64, 4096));
    }

    private static HealthObservation? Parse(string body) => HealthBody.Parse(Encoding.UTF8.GetBytes(body));
}
