using CsCheck;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Ports;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

public sealed class DatabaseUrlTests
{
    private static readonly DatabaseTarget Target = new("db.example.com", 5433, "mlbot", "alice", "plain", SslMode.Prefer);

    /// <summary>Below the surrogates, half a pair of which is no text.</summary>
    private static readonly Gen<string> Text = Gen.Char['\u0001', '\u2fff'].Array[0, 40].Select(characters => new string(characters));

    /// <summary>Passwords that a URL, a shell, a driver or SQL would read something into, and what has to stand in the URL.</summary>
    public static TheoryData<string, string> Nasty => new()
    {
        { "plain", "plain" },
        { "p@ss", "p%40ss" },
        { "a:b", "a%3Ab" },
        { "a/b", "a%2Fb" },
        { "a?ssl=disable", "a%3Fssl%3Ddisable" },
        { "a#b", "a%23b" },
        { "100%", "100%25" },
        { "%41", "%2541" },
        { "a b", "a%20b" },
        { "a+b", "a%2Bb" },
        { "a&b=c", "a%26b%3Dc" },
        { "'; DROP TABLE notes; --", "%27%3B%20DROP%20TABLE%20notes%3B%20--" },
        { "\"", "%22" },
        { "$(id)", "%24%28id%29" },
        { "`id`", "%60id%60" },
        { "a\\b", "a%5Cb" },
        { "[::1]", "%5B%3A%3A1%5D" },
        { "@evil.example.com:5432/x?", "%40evil.example.com%3A5432%2Fx%3F" },
        { "\ta", "%09a" },
        { "größe", "gr%C3%B6%C3%9Fe" },
        { "🦊", "%F0%9F%A6%8A" },
        { "*!~-._", "%2A%21~-._" },
    };

    [Theory]
    [MemberData(nameof(Nasty))]
    public void Nothing_in_a_password_has_a_meaning(string password, string encoded) =>
        DatabaseUrl.Of(Target with { Password = password }).ShouldBe($"postgresql+asyncpg://alice:{encoded}@db.example.com:5433/mlbot?ssl=prefer");

    [Theory]
    [MemberData(nameof(Nasty))]
    public void Nothing_in_a_user_name_has_a_meaning(string name, string encoded) =>
        DatabaseUrl.Of(Target with { Username = name }).ShouldStartWith($"postgresql+asyncpg://{encoded}:plain@db.example.com:5433/");

    [Theory]
    [InlineData(SslMode.Require, "require")]
    [InlineData(SslMode.Prefer, "prefer")]
    [InlineData(SslMode.Disable, "disable")]
    public void Transport_security_is_named_as_asyncpg_knows_it(SslMode mode, string word) =>
        DatabaseUrl.Of(Target with { SslMode = mode }).ShouldEndWith("?ssl=" + word);

    [Fact]
    public void Every_password_comes_out_as_it_went_in() => Gen.Select(Text, Text).Sample((name, password) =>
    {
        var target = Target with { Username = name, Password = password };
        var url = DatabaseUrl.Of(target);
        var authority = url["postgresql+asyncpg://".Length..url.IndexOf("@db.example.com:5433/mlbot?ssl=prefer", StringComparison.Ordinal)];
        authority.ShouldAllBe(character => char.IsAscii(character) && (char.IsLetterOrDigit(character) || "-._~%:".Contains(character)));
        authority.Split(':').Select(Uri.UnescapeDataString).ShouldBe([name, password]);
        DatabaseUrl.LeadsTo(url, target).ShouldBeTrue();
    });

    [Theory]
    [InlineData("db.example.com", 5433, "mlbot", true)]
    [InlineData("db.example.com", 5433, "mlbo", false)]
    [InlineData("db.example.com", 543, "mlbot", false)]
    [InlineData("example.com", 5433, "mlbot", false)]
    public void Where_a_URL_leads_to(string host, int port, string name, bool leads) =>
        DatabaseUrl.LeadsTo(DatabaseUrl.Of(Target), new DatabaseTarget(host, port, name, "bob", "other", SslMode.Require)).ShouldBe(leads);

    [Fact]
    public void A_password_cannot_make_a_URL_lead_elsewhere() =>
        DatabaseUrl.LeadsTo(DatabaseUrl.Of(Target with { Password = "@evil.example.com:5432/x?" }), new DatabaseTarget("evil.example.com", 5432, "x", "", "", SslMode.Prefer)).ShouldBeFalse();

    [Fact]
    public void A_target_never_shows_its_password() => $"{Target with { Password = "canary" }}".ShouldBe("alice@db.example.com:5433/mlbot sslmode=Prefer");
}
