using System.Text;
using FamilyAssistant.Operator.Concerns.Secrets;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Tests.Api;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Secrets;

public sealed class SecretsPlanTests
{
    private const string Canary = "canary7";
    private static readonly VapidKey Pair = VapidKey.Generate();

    private static readonly Dictionary<string, string> Good = new() { ["TELEGRAM_BOT_TOKEN"] = InstanceWorld.Token, ["OPENROUTER_API_KEY"] = Canary };

    [Theory]
    [InlineData("", "empty")]
    [InlineData("not a token canary7", "not a bot token")]
    [InlineData("123456:canary7", "not a bot token")]
    [InlineData("x123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI", "not a bot token")]
    [InlineData("123456:abcdefghijklmnopqrstuvwxyzABCDEFGHIJ", "not a bot token")]
    [InlineData("١٢٣:abcdefghijklmnopqrstuvwxyzABCDEFGHI", "not text")]
    [InlineData(InstanceWorld.Token + "\n", "line break")]
    [InlineData(" " + InstanceWorld.Token, "line break or a space")]
    public void A_malformed_token_is_refused_with_a_remedy_and_never_quoted(string token, string says)
    {
        var finding = Refused([], With("TELEGRAM_BOT_TOKEN", token));
        finding.Reason.ShouldBe(SecretsReasons.InvalidToken);
        finding.Message.ShouldContain(says);
        finding.Message.ShouldNotContain("canary7");
        finding.Message.ShouldNotContain("abcdefghij");
    }

    [Fact]
    public void A_token_of_two_megabytes_is_refused() =>
        Refused([], With("TELEGRAM_BOT_TOKEN", new string('1', 2_000_000))).Reason.ShouldBe(SecretsReasons.InvalidToken);

    [Fact]
    public void A_well_formed_token_gives_the_public_id_of_the_bot() =>
        Decide([], Good).ShouldBeOfType<SecretsPlan.Accept>().BotId.ShouldBe("123456");

    [Fact]
    public void A_missing_Secret_waits_for_it_without_being_stalled()
    {
        var finding = Refused([], null);
        finding.Reason.ShouldBe(SecretsReasons.SecretNotFound);
        finding.NeedsSpecChange.ShouldBeFalse();
        finding.Message.ShouldContain("spec.secretRef");
    }

    [Fact]
    public void A_token_without_allowed_users_is_refused_because_the_application_fails_open()
    {
        var finding = Refused([("telegram", "null")], Good);
        finding.Reason.ShouldBe(SecretsReasons.AllowedUsersMissing);
        finding.Message.ShouldContain("spec.telegram.allowedUsers");
        finding.Message.ShouldContain("allowAnyone");
        finding.NeedsSpecChange.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"allowAnyone": true}""", null, null, true)]
    [InlineData("""{}""", "ALLOWED_USER_IDS", "1, -2,3", true)]
    [InlineData("""{}""", "ALLOWED_CHAT_IDS", "1", true)]
    [InlineData("""{}""", "ALLOWED_CHAT_IDS", "alice", false)]
    [InlineData("""{}""", "ALLOWED_USER_IDS", "1,,2", false)]
    [InlineData("""{}""", "ALLOWED_USER_IDS", "1,2,", false)]
    [InlineData("""{}""", "ALLOWED_USER_IDS", "1.5", false)]
    [InlineData("""{}""", "ALLOWED_USER_IDS", "１２３", false)]
    [InlineData("""{}""", "ALLOWED_USER_IDS", "1,2,alice", false)]
    [InlineData("""{"allowAnyone": true}""", "ALLOWED_USER_IDS", "1", true)]
    [InlineData("""{"allowAnyone": true}""", "ALLOWED_USER_IDS", "", true)]
    [InlineData("""{}""", "ALLOWED_USER_IDS", "  ", false)]
    [InlineData("""{"allowAnyone": true}""", "ALLOWED_USER_IDS", "alice", false)]
    [InlineData("""{"allowedUsers": [{"id": 1}]}""", "ALLOWED_USER_IDS", "alice", true)]
    public void The_list_that_the_application_would_use_decides(string telegram, string? key, string? value, bool accepted)
    {
        var plan = Decide([("telegram", telegram)], key is null ? Good : With(key, value!));
        (plan is SecretsPlan.Accept).ShouldBe(accepted);
    }

    [Fact]
    public void An_unreadable_list_is_not_saved_by_a_good_alias()
    {
        var secret = With("ALLOWED_USER_IDS", "alice");
        secret["ALLOWED_CHAT_IDS"] = "1";
        Refused([("telegram", "{}")], secret).Message.ShouldContain("ALLOWED_USER_IDS");
    }

    [Fact]
    public void A_refused_list_says_which_element_and_never_quotes_it()
    {
        var finding = Refused([("telegram", "{}")], With("ALLOWED_USER_IDS", $"1, {Canary},3"));
        finding.Reason.ShouldBe(SecretsReasons.InvalidValue);
        finding.Message.ShouldBe("Secret keys: ALLOWED_USER_IDS is not a comma-separated list of whole numbers: at element 2 of 3 it has something that is not a number. The application would ignore it and serve every Telegram user. Correct it, or remove the key and list the users under spec.telegram.allowedUsers.");
    }

    [Theory]
    [InlineData("1,2", "2,1", true)]
    [InlineData("1,2", "1", false)]
    [InlineData("", "1", false)]
    [InlineData("1", "", true)]
    [InlineData("1", "alice", false)]
    public void An_alias_that_is_shadowed_is_refused_unless_it_says_the_same(string winner, string alias, bool accepted)
    {
        var secret = With("ALLOWED_USER_IDS", winner);
        secret["ALLOWED_CHAT_IDS"] = alias;
        var plan = Decide([("telegram", "{}")], secret);
        (plan is SecretsPlan.Accept).ShouldBe(accepted);
        if (plan is SecretsPlan.Refuse(_, var finding))
        {
            finding.Reason.ShouldBe(SecretsReasons.InvalidValue);
            finding.Message.ShouldContain("ALLOWED_CHAT_IDS is not read");
            finding.Message.ShouldContain("Remove one of the two keys");
        }
    }

    [Fact]
    public void More_than_one_replica_with_a_token_needs_another_spec()
    {
        var finding = Refused([("replicas", "2")], Good);
        finding.Reason.ShouldBe(SecretsReasons.ReplicasWithTelegram);
        finding.NeedsSpecChange.ShouldBeTrue();
    }

    [Fact]
    public void More_than_one_replica_without_a_token_is_allowed() =>
        Decide([("replicas", "2")], new() { ["OPENROUTER_API_KEY"] = Canary }).ShouldBeOfType<SecretsPlan.Accept>().BotId.ShouldBeNull();

    [Theory]
    [InlineData("tls.crt")]
    [InlineData("1KEY")]
    [InlineData("a-b")]
    public void A_key_that_is_no_variable_is_refused(string key) =>
        Refused([], With(key, Canary)).Reason.ShouldBe(SecretsReasons.InvalidKey);

    [Fact]
    public void Keys_that_the_operator_sets_itself_are_harmless() =>
        Decide([], With("DATABASE_URL", "postgresql://elsewhere")).ShouldBeOfType<SecretsPlan.Accept>();

    [Fact]
    public void An_empty_session_secret_is_refused() =>
        Refused([], With("SESSION_SECRET_KEY", "")).Reason.ShouldBe(SecretsReasons.InvalidValue);

    [Fact]
    public void A_binary_value_is_refused()
    {
        var data = Bytes(Good)!;
        data["CALDAV_PASSWORD"] = [0xff, 0xfe, 0x00];
        var plan = SecretsPlan.Decide(InstanceSpec([]), new SecretsPicture(data, null, _ => null, _ => null));
        plan.ShouldBeOfType<SecretsPlan.Refuse>().Finding.Message.ShouldContain("CALDAV_PASSWORD");
    }

    [Fact]
    public void A_private_VAPID_key_alone_is_enough_and_a_public_one_alone_is_not()
    {
        Decide([], With("VAPID_PRIVATE_KEY", Pair.Private)).ShouldBeOfType<SecretsPlan.Accept>();
        Decide([], With("VAPID_PRIVATE_KEY", Pair.Private + "=")).ShouldBeOfType<SecretsPlan.Accept>();
        Refused([], With("VAPID_PUBLIC_KEY", Pair.Public)).Reason.ShouldBe(SecretsReasons.InvalidKeyPair);
        Refused([], With("VAPID_PRIVATE_KEY", "not-a-key")).Reason.ShouldBe(SecretsReasons.InvalidKeyPair);
    }

    [Fact]
    public void A_VAPID_pair_must_belong_together()
    {
        var secret = With("VAPID_PRIVATE_KEY", Pair.Private);
        secret["VAPID_PUBLIC_KEY"] = Pair.Public;
        Decide([], secret).ShouldBeOfType<SecretsPlan.Accept>();
        secret["VAPID_PUBLIC_KEY"] = VapidKey.Generate().Public;
        Refused([], secret).Reason.ShouldBe(SecretsReasons.InvalidKeyPair);
    }

    [Theory]
    [InlineData("""{"secretKeyRef": {"name": "other", "key": "x"}}""", SecretsReasons.SecretNotFound)]
    [InlineData("""{"secretKeyRef": {"name": "there", "key": "y"}}""", SecretsReasons.KeyNotFound)]
    [InlineData("""{"configMapKeyRef": {"name": "other", "key": "x"}}""", SecretsReasons.ConfigMapNotFound)]
    [InlineData("""{"secretKeyRef": {"name": "there", "key": "x"}}""", null)]
    [InlineData("""{"secretKeyRef": {"name": "other", "key": "x", "optional": true}}""", null)]
    public void References_of_the_environment_must_exist_unless_they_are_optional(string source, string? reason)
    {
        var spec = InstanceSpec([("env", $$"""[{"name": "A", "valueFrom": {{source}}}]""")]);
        var there = new Dictionary<string, byte[]> { ["x"] = [1] };
        var plan = SecretsPlan.Decide(spec, new SecretsPicture(Bytes(Good), null, name => name == "there" ? there : null, _ => null));
        (plan as SecretsPlan.Refuse)?.Finding.Reason.ShouldBe(reason);
        (plan is SecretsPlan.Accept).ShouldBe(reason is null);
    }

    [Fact]
    public void A_missing_ConfigMap_is_refused() =>
        Refused([("configRef", """{"name": "config"}""")], Good).Reason.ShouldBe(SecretsReasons.ConfigMapNotFound);

    [Theory]
    [InlineData(1, "Secret keys has 1 key.")]
    [InlineData(2, "Secret keys has 2 keys.")]
    public void Keys_are_counted(int count, string note)
    {
        var secret = new Dictionary<string, string> { ["TELEGRAM_BOT_TOKEN"] = InstanceWorld.Token };
        for (var number = 1; number < count; number++)
        {
            secret[$"KEY_{number}"] = "x";
        }

        Decide([], secret).ShouldBeOfType<SecretsPlan.Accept>().Notes.ShouldContain(note);
    }

    [Fact]
    public void What_stops_nothing_is_noted_without_a_value()
    {
        var secret = With("CALDAV_PASSWORD", Canary + "\n");
        secret["BRAVE_API_KEY"] = "";
        secret.Remove("OPENROUTER_API_KEY");
        var notes = string.Join(' ', Decide([("imagePullSecrets", """[{"name": "registry"}]""")], secret).ShouldBeOfType<SecretsPlan.Accept>().Notes);
        notes.ShouldContain("CALDAV_PASSWORD ends with a line break");
        notes.ShouldContain("BRAVE_API_KEY is empty");
        notes.ShouldContain("No key of a language model provider");
        notes.ShouldContain("registry");
        notes.ShouldNotContain(Canary);
    }

    private static SecretsPlan Decide((string Path, string Json)[] edits, Dictionary<string, string>? secret) =>
        SecretsPlan.Decide(InstanceSpec(edits), new SecretsPicture(Bytes(secret), null, _ => null, _ => null));

    private static Finding Refused((string Path, string Json)[] edits, Dictionary<string, string>? secret) =>
        Decide(edits, secret).ShouldBeOfType<SecretsPlan.Refuse>().Finding;

    private static Operator.Api.Instances.InstanceSpec InstanceSpec((string Path, string Json)[] edits) =>
        Specs.Spec([("env", "null"), ("configRef", "null"), ("imagePullSecrets", "null"), .. edits]);

    private static Dictionary<string, string> With(string key, string value) => new(Good) { [key] = value };

    private static Dictionary<string, byte[]>? Bytes(Dictionary<string, string>? secret) =>
        secret?.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Value));
}
