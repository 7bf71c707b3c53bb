using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("hunter22", "login hunter22 refused", "login [redacted] refused")]
    [InlineData("hunter22", "hunter22hunter22", "[redacted][redacted]")]
    [InlineData("p@ss/word", "postgresql://fa:p%40ss%2Fword@db", "postgresql://fa:[redacted]@db")]
    [InlineData("p@ss/word", "p@ss/word", "[redacted]")]
    [InlineData("hunter22", "HUNTER22", "HUNTER22")]
    [InlineData("abcd", "abcd is a word", "abcd is a word")]
    [InlineData("", "nothing", "nothing")]
    [InlineData(" hunter22\n", "hunter22", "[redacted]")]
    public void A_secret_is_replaced_by_its_value(string secret, string text, string clean) => new Redaction([secret]).Apply(text).ShouldBe(clean);

    /// <summary>The text may be older than the token that is valid now, and a log may quote half of one.</summary>
    [Theory]
    [InlineData("POST https://api.telegram.org/bot123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI/getUpdates", "POST https://api.telegram.org/bot123456:[redacted]/getUpdates")]
    [InlineData("bot123456%3Aabcdefghijklmnopqrstuvwxyz-_CDEFGHI", "bot123456:[redacted]")]
    [InlineData("bot4:abcdefghijklmnopqrstuvwxyzABCDEFGHI", "bot4:[redacted]")]
    [InlineData("at 12:34:56.789 in line 123456: no token", "at 12:34:56.789 in line 123456: no token")]
    public void A_bot_token_is_replaced_by_its_form(string text, string clean) => new Redaction([]).Apply(text).ShouldBe(clean);

    [Fact]
    public void The_secret_part_of_a_bot_token_is_replaced_where_it_stands_alone() =>
        new Redaction([InstanceWorld.Token]).Apply($"secret {InstanceWorld.Token.Split(':')[1]}").ShouldBe("secret [redacted]");

    [Fact]
    public void A_secret_that_holds_another_one_is_replaced_whole() =>
        new Redaction(["hunter22", "postgresql://fa:hunter22@db/x"]).Apply("at postgresql://fa:hunter22@db/x with hunter22").ShouldBe("at [redacted] with [redacted]");

    [Fact]
    public void A_secret_of_several_lines_is_replaced_line_by_line()
    {
        var redaction = new Redaction(["-----BEGIN KEY-----\r\nMIIEvQIBADANBg\r\nkqhkiG9w0BAQEF\r\n-----END KEY-----\r\n"]);
        redaction.Apply("bad line: kqhkiG9w0BAQEF").ShouldBe("bad line: [redacted]");
        redaction.Apply("MIIEvQIBADANBg\nkqhkiG9w0BAQEF").ShouldBe("[redacted]\n[redacted]");
    }

    [Fact]
    public void A_quote_is_one_line_of_bounded_length()
    {
        var redaction = new Redaction(["hunter22"]);
        redaction.Quote("\n one\r\ntwo\tthree \u0007", 100).ShouldBe("one  two three");
        redaction.Quote("a\u202Eb\u2028c\u001b[31md", 100).ShouldBe("a b c [31md");
        redaction.Quote("abcdefgh", 8).ShouldBe("abcdefgh");
        redaction.Quote("abcdefghi", 8).ShouldBe("abcdefg…");
        redaction.Quote("abcdef🦊ghi", 8).ShouldBe("abcdef…", "half of a pair is no character");
        redaction.Quote("", 8).ShouldBe("");
    }

    [Fact]
    public void A_quote_is_cut_after_the_secrets_are_gone() => new Redaction(["hunter22"]).Quote("see hunter22", 9).ShouldBe("see [red…");

    /// <summary>The token, generated keys, the URL of the database, its credentials, and Secrets that variables refer to.</summary>
    [Fact]
    public void Everything_secret_that_the_pods_are_given_is_known()
    {
        var world = new InstanceWorld(edits: ("env", """[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "other", "key": "k"}}}, {"name": "B", "value": "plain-value"}]""")).WithSecrets();
        world.Secret("db", ("username", "alice"), ("password", "p@ss word"));
        world.Secret("fa-postgres", ("password", "managed-password"));
        world.Secret("other", ("k", "other-secret"));
        // The token of before, while the Secret holds another one already.
        world.Secret("fa-telegram", ("TELEGRAM_BOT_TOKEN", "token-of-before"));
        world.Secret("unrelated", ("k", "unrelated-secret"));
        var redaction = Redaction.Of(world.Pass());
        foreach (var secret in new[] { InstanceWorld.Token, "sk-canary", "private", "postgresql+asyncpg://fa:canary@postgres.example.com:5432/mlbot", "p@ss word", "p%40ss%20word", "managed-password", "other-secret", "token-of-before" })
        {
            redaction.Apply($"<{secret}>").ShouldBe("<[redacted]>");
        }

        redaction.Apply("plain-value unrelated-secret").ShouldBe("plain-value unrelated-secret");
    }

    [Fact]
    public void Secrets_that_do_not_exist_are_no_obstacle()
    {
        var world = new InstanceWorld();
        Redaction.Of(world.Pass()).Apply("text").ShouldBe("text");
    }
}
