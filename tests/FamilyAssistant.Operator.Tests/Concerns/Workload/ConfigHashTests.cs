using FamilyAssistant.Operator.Concerns.Workload;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

public sealed class ConfigHashTests
{
    private const string ReferToOther = """[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "other", "key": "used"}}}]""";
    private readonly WorkloadInputs _inputs = Inputs.Complete(("env", ReferToOther));

    [Fact]
    public void The_order_of_keys_does_not_matter() =>
        Hash(_inputs with { Secret = _inputs.Secret!.Reverse().ToDictionary() }).ShouldBe(Hash(_inputs));

    [Fact]
    public void Every_used_key_matters()
    {
        var hash = Hash(_inputs);
        Hash(_inputs with { Secret = Inputs.With(_inputs.Secret, "OPENROUTER_API_KEY", "other") }).ShouldNotBe(hash);
        Hash(_inputs with { Secret = Inputs.With(_inputs.Secret, "NEW", "") }).ShouldNotBe(hash);
        Hash(_inputs with { Config = Inputs.With(_inputs.Config, "config.yaml", "a: 2") }).ShouldNotBe(hash);
        Hash(_inputs with { Generated = Inputs.With(_inputs.Generated, "SESSION_SECRET_KEY", "rotated") }).ShouldNotBe(hash);
        Hash(_inputs with { Database = Inputs.With(_inputs.Database, "DATABASE_URL", "postgresql+asyncpg://elsewhere") }).ShouldNotBe(hash);
        Hash(_inputs with { SecretOf = _ => Inputs.Data(("used", "changed")) }).ShouldNotBe(hash);
    }

    [Fact]
    public void What_the_pod_does_not_use_does_not_matter()
    {
        var hash = Hash(_inputs);
        Hash(_inputs with { Config = Inputs.With(_inputs.Config, "README.md", "changed") }).ShouldBe(hash);
        Hash(_inputs with { Secret = Inputs.With(_inputs.Secret, "SERVER_URL", "hidden by the explicit variable") }).ShouldBe(hash);
        Hash(_inputs with { Database = Inputs.With(_inputs.Database, "NOTE", "x") }).ShouldBe(hash);
        Hash(_inputs with { SecretOf = _ => Inputs.Data(("used", "u"), ("unused", "changed")) }).ShouldBe(hash);
    }

    [Fact]
    public void The_same_contents_under_another_hash_key_look_different() =>
        Hash(_inputs with { Generated = Inputs.With(_inputs.Generated, "OPERATOR_HASH_KEY", "other") }).ShouldNotBe(Hash(_inputs));

    [Fact]
    public void A_value_cannot_pretend_to_be_a_key()
    {
        var one = _inputs with { Secret = Inputs.Data(("A", "BC")) };
        var two = _inputs with { Secret = Inputs.Data(("AB", "C")) };
        Hash(one).ShouldNotBe(Hash(two));
    }

    [Fact]
    public void A_file_is_not_a_variable_of_the_same_name_and_content()
    {
        var none = _inputs with { Secret = Inputs.Data(), Config = Inputs.Data() };
        Hash(none with { Secret = Inputs.Data(("config.yaml", "x")) }).ShouldNotBe(Hash(none with { Config = Inputs.Data(("config.yaml", "x")) }));
    }

    private static string Hash(WorkloadInputs inputs) => ConfigHash.Of(inputs, AppEnvironment.Of(inputs));
}
