using System.Text;
using System.Text.Json;
using CsCheck;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Secrets;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Tests.Api;
using FamilyAssistant.Operator.Tests.Concerns.Workload;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Secrets;

/// <summary>What status says of keys: where each comes from, whether it is there and right, what a change does; and nothing of a value.</summary>
public sealed class SecretInventoryTests
{
    private const string Canary = "canary7";
    private static readonly VapidKey Pair = VapidKey.Generate();

    private static readonly Dictionary<string, byte[]> Generated = Bytes(
        (GeneratedKeys.SessionSecret, "5e55"), (GeneratedKeys.VapidPrivate, Pair.Private), (GeneratedKeys.VapidPublic, Pair.Public), (GeneratedKeys.HashKey, "4a54"));

    [Fact]
    public void Every_key_has_its_place_and_the_consequence_of_a_change()
    {
        var entries = Of([], ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token), ("CALDAV_PASSWORD", Canary), ("MY_OWN", Canary));

        entries.Select(entry => (entry.Name, entry.Source, entry.Present, entry.Valid, entry.Consequence)).ShouldBe(
        [
            ("CALDAV_PASSWORD", "Secret keys", true, true, ChangeConsequence.Rollout),
            ("MY_OWN", "Secret keys", true, true, ChangeConsequence.Rollout),
            ("SESSION_SECRET_KEY", "Secret fa-generated (generated)", true, true, ChangeConsequence.SessionsEnd),
            ("TELEGRAM_BOT_TOKEN", "Secret keys", true, true, ChangeConsequence.StopStart),
            ("VAPID_PRIVATE_KEY", "Secret fa-generated (generated)", true, true, ChangeConsequence.SubscriptionsEnd),
            ("VAPID_PUBLIC_KEY", "Secret fa-generated (generated)", true, true, ChangeConsequence.SubscriptionsEnd),
        ]);
        entries.ShouldAllBe(entry => entry.Message == null);
    }

    [Theory]
    [InlineData("OPENROUTER_API_KEY", "sk-or-canary7", true, null)]
    [InlineData("OPENROUTER_API_KEY", "sk-canary7", true, "does not begin with sk-or-")]
    [InlineData("ANTHROPIC_API_KEY", "canary7", true, "does not begin with sk-ant-")]
    [InlineData("OPENAI_API_KEY", "canary7", true, "does not begin with sk-")]
    [InlineData("GEMINI_API_KEY", "canary7", true, "does not begin with AIza")]
    [InlineData("GEMINI_API_KEY", "AIzacanary7\n", false, "line break")]
    [InlineData("CALDAV_PASSWORD", "", false, "empty")]
    [InlineData("CALDAV_PASSWORD", "canary7\r\n", false, "line break")]
    [InlineData("MY_OWN", "canary7\n", true, "line break")]
    [InlineData("MY_OWN", "a\u0000canary7", false, "not UTF-8 text")]
    [InlineData("tls.crt", "canary7", false, "cannot be the name")]
    [InlineData("REOLINK_CAMERAS", """{"door": {"password": "canary7"}}""", true, null)]
    [InlineData("REOLINK_CAMERAS", "[]\n", true, null)]
    [InlineData("REOLINK_CAMERAS", "{door: canary7}", false, "not JSON")]
    [InlineData("REOLINK_CAMERAS", "\"canary7\"", false, "not JSON")]
    [InlineData("MCP_INITIALIZATION_TIMEOUT_SECONDS", "60", true, null)]
    [InlineData("MCP_INITIALIZATION_TIMEOUT_SECONDS", "canary7", false, "whole number")]
    [InlineData("MCP_INITIALIZATION_TIMEOUT_SECONDS", "６０", false, "whole number")]
    [InlineData("CHAT_ID_TO_NAME_MAP", "1:Ann, -2:The canary7s", true, null)]
    [InlineData("CHAT_ID_TO_NAME_MAP", "canary7", false, "id:name")]
    [InlineData("CHAT_ID_TO_NAME_MAP", "canary7:1", false, "id:name")]
    [InlineData("CHAT_ID_TO_NAME_MAP", "1:canary7,", false, "id:name")]
    [InlineData("CHAT_ID_TO_NAME_MAP", "1:", false, "id:name")]
    [InlineData("ALLOWED_USER_IDS", "1,canary7", false, "at element 2 of 2")]
    [InlineData("TOOLS_REQUIRING_CONFIRMATION", "a,b", true, null)]
    [InlineData("TOOLS_REQUIRING_CONFIRMATION", "a,,canary7", true, "nothing between two commas")]
    [InlineData("VAPID_CONTACT_EMAIL", "mailto:a@example.com", true, null)]
    [InlineData("VAPID_CONTACT_EMAIL", "canary7@example.com", false, "mailto:")]
    [InlineData("HOMEASSISTANT_URL", "http://home:8123", true, null)]
    [InlineData("HOMEASSISTANT_URL", "canary7", false, "http or https")]
    [InlineData("ICAL_URLS", "https://a.example.com/x.ics, https://b.example.com", true, null)]
    [InlineData("ICAL_URLS", "https://a.example.com,canary7", false, "http or https")]
    public void A_value_is_judged_by_the_form_of_its_key(string key, string value, bool valid, string? says)
    {
        var entry = Of([("telegram", "null")], (key, value)).Single(entry => entry.Name == key);
        entry.Valid.ShouldBe(valid);
        if (says is null)
        {
            entry.Message.ShouldBeNull();
            return;
        }

        entry.Message.ShouldNotBeNull().ShouldContain(says);
        entry.Message.ShouldEndWith(".");
        entry.Message.ShouldNotContain(Canary);
    }

    [Fact]
    public void A_public_key_that_does_not_belong_to_its_private_one_is_wrong()
    {
        var entries = Of([], (GeneratedKeys.VapidPrivate, Pair.Private), (GeneratedKeys.VapidPublic, VapidKey.Generate().Public));
        entries.Single(entry => entry.Name == GeneratedKeys.VapidPublic).Message.ShouldBe("It does not belong to VAPID_PRIVATE_KEY.");
        entries.Where(entry => entry.Name.StartsWith("VAPID", StringComparison.Ordinal)).ShouldAllBe(entry => entry.Source == "Secret keys");
    }

    [Fact]
    public void A_bot_token_that_is_not_there_is_shown_as_the_reason_why_there_is_no_bot()
    {
        var entry = Of([], ("OPENROUTER_API_KEY", "sk-or-x")).Single(entry => entry.Name == "TELEGRAM_BOT_TOKEN");
        (entry.Present, entry.Valid, entry.Message).ShouldBe((false, null, "Telegram is off."));
    }

    [Fact]
    public void References_of_the_environment_are_shown_with_their_place()
    {
        var spec = Specs.Spec(("env", """
            [{"name": "HOMEASSISTANT_API_KEY", "valueFrom": {"secretKeyRef": {"name": "home", "key": "token"}}},
             {"name": "A", "valueFrom": {"secretKeyRef": {"name": "home", "key": "other", "optional": true}}},
             {"name": "B", "valueFrom": {"secretKeyRef": {"name": "gone", "key": "x"}}},
             {"name": "BRAVE_API_KEY", "value": "canary7"},
             {"name": "CALDAV_USERNAME", "value": "alice"}]
            """));
        var entries = Of(spec, Bytes(("HOMEASSISTANT_API_KEY", Canary))).Where(entry => entry.Source.StartsWith("spec.env", StringComparison.Ordinal)).ToArray();

        entries.Select(entry => (entry.Name, entry.Source, entry.Present, entry.Message)).ShouldBe(
        [
            ("A", "spec.env (Secret home, key other)", false, null),
            ("B", "spec.env (Secret gone, key x)", false, "The pod needs it to start."),
            ("BRAVE_API_KEY", "spec.env", true, "It stands in the spec, where more people can read it than in a Secret: use valueFrom."),
            ("HOMEASSISTANT_API_KEY", "spec.env (Secret home, key token)", true, null),
        ]);
    }

    [Fact]
    public void A_list_in_the_Secret_beside_one_in_the_spec_is_said_to_have_no_effect()
    {
        var entry = Of([], ("ALLOWED_USER_IDS", "alice")).Single(entry => entry.Name == "ALLOWED_USER_IDS");
        (entry.Valid, entry.Consequence, entry.Message).ShouldBe((true, ChangeConsequence.None, "Without effect: spec.telegram.allowedUsers wins."));
    }

    /// <summary>Two concerns know which keys of the Secret an explicit variable hides; they must not come to disagree.</summary>
    [Fact]
    public void What_is_said_to_be_without_effect_is_what_the_pod_does_not_get()
    {
        var everything = Bytes([.. SecretCatalogue.All.Select(entry => entry.Name).Concat(OwnedEnvironment.Ordered).Distinct().Select(name => (name, "1"))]);
        foreach (var spec in (InstanceSpec[])[Specs.Spec(("debug", "null")), Specs.Spec(("telegram", "null"), ("llm", "null"), ("serverUrl", "null"), ("web", "null"), ("timezone", "null"), ("debug", "null"), ("env", "null"))])
        {
            var inputs = Inputs.Of(spec) with { Secret = everything };
            string[] own = [spec.SecretRef!.Name, "fa-telegram"];
            var hidden = AppEnvironment.Of(inputs)
                .Where(variable => everything.ContainsKey(variable.Name) && !own.Contains(variable.ValueFrom?.SecretKeyRef?.Name))
                .Select(variable => variable.Name).Order(StringComparer.Ordinal).ToArray();
            var picture = new SecretsPicture(everything, inputs.Config, _ => null, _ => null);

            everything.Keys.Where(key => KeyShadows.Of(key, spec, picture) is not null).Order(StringComparer.Ordinal)
                .Except([AppContract.AllowedUsersAlias])
                .ShouldBe(hidden.Except([AppContract.AllowedUsersAlias]));
            KeyShadows.Of(AppContract.AllowedUsersAlias, spec, picture).ShouldNotBeNull();
        }
    }

    [Fact]
    public void Of_very_many_keys_the_known_and_the_wrong_ones_are_shown_in_a_stable_order()
    {
        var secret = Bytes([.. Enumerable.Range(0, 500).Select(number => ($"ZZ_{number:000}", Canary)), ("AA", Canary + "\n"), ("CALDAV_PASSWORD", ""), ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token)]);
        var entries = Of(Specs.Spec(("env", "null")), secret);

        entries.Length.ShouldBe(SecretInventory.MostEntries);
        entries.Select(entry => entry.Name).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        entries.Select(entry => entry.Name).ShouldBeSubsetOf(secret.Keys.Concat(GeneratedKeys.All));
        foreach (var name in (string[])["AA", "CALDAV_PASSWORD", "TELEGRAM_BOT_TOKEN", "SESSION_SECRET_KEY", "ZZ_000"])
        {
            entries.ShouldContain(entry => entry.Name == name);
        }
    }

    [Fact]
    public void Whatever_the_values_are_no_part_of_one_is_told_and_every_bound_is_kept()
    {
        var keys = SecretCatalogue.All.Select(entry => entry.Name).ToArray();
        Gen.Select(Gen.Int[0, keys.Length - 1], Gen.String).Array[1, 10].Sample(values =>
        {
            var secret = values.DistinctBy(value => value.Item1).ToDictionary(value => keys[value.Item1], value => Encoding.UTF8.GetBytes($"{value.Item2}CANARY7{value.Item2}"));
            var entries = Of(Specs.Spec(("env", "null"), ("telegram", "null")), secret);
            JsonSerializer.Serialize(new InstanceStatus { Secrets = entries }, ApiJsonContext.Default.InstanceStatus).ShouldNotContain("CANARY7");
            entries.ShouldAllBe(entry => entry.Source.Length <= 640 && (entry.Message == null || entry.Message.Length <= 512));
        });
    }

    [Fact]
    public void A_missing_Secret_shows_what_is_generated_and_that_there_is_no_token() =>
        Of(Specs.Spec(("env", "null")), null).Select(entry => (entry.Name, entry.Present)).ShouldBe(
            [("SESSION_SECRET_KEY", true), ("TELEGRAM_BOT_TOKEN", false), ("VAPID_PRIVATE_KEY", true), ("VAPID_PUBLIC_KEY", true)]);

    private static System.Collections.Immutable.ImmutableArray<SecretStatus> Of((string Path, string Json)[] edits, params (string Key, string Value)[] secret) =>
        Of(Specs.Spec([("env", "null"), .. edits]), Bytes(secret));

    private static System.Collections.Immutable.ImmutableArray<SecretStatus> Of(InstanceSpec spec, Dictionary<string, byte[]>? secret) => SecretInventory.Of("fa", spec, new SecretsPicture(
        secret,
        null,
        name => name switch { "fa-generated" => Generated, "home" => Bytes(("token", Canary)), _ => null },
        _ => null));

    private static Dictionary<string, byte[]> Bytes(params (string Key, string Value)[] data) => data.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Value));
}
