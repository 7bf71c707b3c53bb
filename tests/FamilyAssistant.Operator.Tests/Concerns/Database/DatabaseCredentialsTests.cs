using System.Text;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Database;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

public sealed class DatabaseCredentialsTests
{
    private const string Field = "spec.database.external.credentialsSecretRef";
    private static readonly CredentialsReference Reference = new() { Name = "db", UsernameKey = "user", PasswordKey = "pass" };

    /// <summary>Key, value and what is said of it.</summary>
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "user", "", "is empty" },
        { "user", "alice\n", "ends with a line break" },
        { "user", "alice\r", "ends with a line break" },
        { "user", "a b", "holds white space" },
        { "user", "a\tb", "holds white space" },
        { "user", "a\u0001b", "control characters" },
        { "user", new string('a', 64), "is longer than 63 bytes" },
        { "user", new string('ä', 32), "is longer than 63 bytes" },
        { "pass", "", "is empty" },
        { "pass", "canary\n", "ends with a line break" },
        { "pass", "canary\r\n", "ends with a line break" },
        { "pass", "canary\0", "holds a zero byte" },
        { "pass", new string('c', 1025), "is longer than 1024 bytes" },
        { "pass", new string('c', 2 * 1024 * 1024), "is longer than 1024 bytes" },
    };

    public static TheoryData<string> Fine =>
    [
        "p", "p@ss/w:o?r#d%41'\"\\ &+", " leading and trailing ", "two\nlines", "größe 🦊", "dbname=a host=evil", "$(id)", new string('c', 1024),
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_that_cannot_be_right_is_refused_with_its_key_and_never_quoted(string key, string value, string why)
    {
        var found = Read(key, Encoding.UTF8.GetBytes(value)).ShouldBeOfType<DatabaseCredentials.Invalid>();
        found.Reason.ShouldBe(DatabaseReasons.InvalidCredentials);
        found.Message.ShouldContain($"{Field}.{(key == "user" ? "usernameKey" : "passwordKey")}: key {key} of Secret db");
        found.Message.ShouldContain(why);
        found.Message.ShouldNotContain("canary");
        found.Message.Length.ShouldBeLessThan(400);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("pass")]
    public void A_binary_value_is_refused(string key) =>
        Read(key, [0xff, 0xfe, 0x41]).ShouldBeOfType<DatabaseCredentials.Invalid>().Message.ShouldContain("is not text in UTF-8");

    [Theory]
    [MemberData(nameof(Fine))]
    public void A_password_may_hold_everything_else(string password)
    {
        var found = Read("pass", Encoding.UTF8.GetBytes(password)).ShouldBeOfType<DatabaseCredentials.Valid>();
        (found.Username, found.Password).ShouldBe(("alice", password));
        $"{found}".ShouldBe("alice", "a log line of it must not show the password");
    }

    [Fact]
    public void A_missing_Secret_is_told_from_a_missing_key()
    {
        DatabaseCredentials.Read(Reference, null).ShouldBeOfType<DatabaseCredentials.Invalid>().ShouldSatisfyAllConditions(
            found => found.Reason.ShouldBe(DatabaseReasons.SecretNotFound),
            found => found.Message.ShouldStartWith($"{Field}.name: Secret db does not exist"));
        DatabaseCredentials.Read(Reference, new Dictionary<string, byte[]> { ["user"] = [0x61] }).ShouldBeOfType<DatabaseCredentials.Invalid>().ShouldSatisfyAllConditions(
            found => found.Reason.ShouldBe(DatabaseReasons.KeyNotFound),
            found => found.Message.ShouldStartWith($"{Field}.passwordKey: Secret db has no key pass"));
    }

    private static DatabaseCredentials Read(string key, byte[] value)
    {
        var data = new Dictionary<string, byte[]> { ["user"] = "alice"u8.ToArray(), ["pass"] = "secret"u8.ToArray() };
        data[key] = value;
        return DatabaseCredentials.Read(Reference, data);
    }
}
