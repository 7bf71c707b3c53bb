using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Workload;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

public sealed class AppEnvironmentTests
{
    [Fact]
    public void No_name_is_set_twice_and_nothing_secret_stands_in_a_value()
    {
        var environment = AppEnvironment.Of(Inputs.Complete());
        environment.Select(variable => variable.Name).ShouldBeUnique();
        environment.ShouldAllBe(variable => variable.Value == null || !variable.Value.Contains("canary"));
    }

    [Fact]
    public void Every_variable_that_the_operator_sets_is_one_that_spec_env_may_not_name()
    {
        var inputs = Inputs.Complete(("env", "null"));
        AppEnvironment.Of(inputs with { Secret = Inputs.With(Inputs.Data(), "TELEGRAM_BOT_TOKEN", "t") }).Select(variable => variable.Name).ShouldBeSubsetOf(OwnedEnvironment.Names);
    }

    [Fact]
    public void The_hash_key_is_never_given_to_a_pod() =>
        AppEnvironment.Of(Inputs.Complete()).ShouldNotContain(variable => variable.Name == GeneratedKeys.HashKey);

    [Fact]
    public void A_dollar_sign_in_a_field_of_the_spec_is_not_a_reference()
    {
        var inputs = Inputs.Complete(("telegram", """{"allowedUsers": [{"id": 1, "name": "$(DATABASE_URL)$$(X)"}]}"""));
        Value(inputs, "CHAT_ID_TO_NAME_MAP").ShouldBe("1:$$(DATABASE_URL)$$$$(X)");
    }

    [Fact]
    public void The_address_of_the_web_interface_is_the_default_of_the_server_URL() =>
        Value(Inputs.Complete(("serverUrl", "null")), "SERVER_URL").ShouldBe("https://assistant.example.com");

    [Fact]
    public void An_empty_list_sets_no_variable_so_that_allowAnyone_is_the_only_way_to_it()
    {
        var environment = AppEnvironment.Of(Inputs.Complete(("telegram", """{"allowAnyone": true}""")));
        environment.ShouldNotContain(variable => variable.Name == "ALLOWED_USER_IDS");
    }

    [Fact]
    public void A_VAPID_pair_comes_from_one_place()
    {
        var inputs = Inputs.Complete();
        var own = inputs with { Secret = Inputs.With(inputs.Secret, "VAPID_PRIVATE_KEY", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw") };
        Source(own, "VAPID_PRIVATE_KEY").ShouldBe("keys/VAPID_PRIVATE_KEY");
        Value(own, "VAPID_PUBLIC_KEY").ShouldBe("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        var both = own with { Secret = Inputs.With(own.Secret, "VAPID_PUBLIC_KEY", "theirs") };
        Source(both, "VAPID_PUBLIC_KEY").ShouldBe("keys/VAPID_PUBLIC_KEY");
    }

    [Fact]
    public void Each_key_of_the_Secret_is_a_variable_of_its_own_that_a_container_cannot_start_without()
    {
        var inputs = Inputs.Complete(("env", "null"));
        var keys = inputs with { Secret = Inputs.Data(("B_KEY", "b"), ("A_KEY", "a")) };
        AppEnvironment.Of(keys).Take(2).Select(variable => variable.Name).ShouldBe(["A_KEY", "B_KEY"]);
        AppEnvironment.Of(keys).ShouldAllBe(variable => variable.ValueFrom == null || variable.ValueFrom.SecretKeyRef == null || variable.ValueFrom.SecretKeyRef.Optional == null);
        PodTemplate.Of(inputs).Spec.Containers.ShouldAllBe(container => container.EnvFrom == null);
    }

    [Fact]
    public void A_variable_of_the_spec_hides_the_key_and_may_refer_to_the_others()
    {
        var inputs = Inputs.Complete(("env", """[{"name": "A_KEY", "value": "$(B_KEY)"}]""")) with { Secret = Inputs.Data(("B_KEY", "b"), ("A_KEY", "a")) };
        var environment = AppEnvironment.Of(inputs);
        environment.Single(variable => variable.Name == "A_KEY").Value.ShouldBe("$(B_KEY)");
        environment[0].Name.ShouldBe("B_KEY");
        environment[^1].Name.ShouldBe("A_KEY");
    }

    [Fact]
    public void The_token_comes_from_the_fence_and_never_from_the_Secret_itself()
    {
        var inputs = Inputs.Complete();
        Source(inputs, "TELEGRAM_BOT_TOKEN").ShouldBe("fa-telegram/TELEGRAM_BOT_TOKEN");
        AppEnvironment.Of(inputs with { Secret = Inputs.Data(("ALLOWED_USER_IDS", "1"), ("ALLOWED_CHAT_IDS", "1")) }).Select(variable => variable.Name)
            .ShouldNotContain("TELEGRAM_BOT_TOKEN", "without a token the variable is absent, not empty");
    }

    [Fact]
    public void A_list_of_users_in_the_Secret_comes_from_the_fence_under_the_name_that_wins()
    {
        var inputs = Inputs.Complete(("telegram", "null"));
        var listed = inputs with { Secret = Inputs.With(inputs.Secret, "ALLOWED_CHAT_IDS", " 1, 2\n") };
        Source(listed, "ALLOWED_USER_IDS").ShouldBe("fa-telegram/ALLOWED_USER_IDS");
        AppEnvironment.Of(listed).ShouldNotContain(variable => variable.Name == "ALLOWED_CHAT_IDS");
        Find(Inputs.Complete(), "ALLOWED_USER_IDS").ValueFrom.ShouldBeNull("a list in the spec wins");
    }

    private static string Source(WorkloadInputs inputs, string name) =>
        Find(inputs, name).ValueFrom.SecretKeyRef is { } key ? $"{key.Name}/{key.Key}" : "";

    private static string? Value(WorkloadInputs inputs, string name) => Find(inputs, name).Value;

    private static V1EnvVar Find(WorkloadInputs inputs, string name) => AppEnvironment.Of(inputs).Single(variable => variable.Name == name);
}
