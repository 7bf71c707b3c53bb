using FamilyAssistant.Operator.Options;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Options;

public sealed class OperatorOptionsTests
{
    [Fact]
    public void Nothing_set_means_all_namespaces_four_workers_and_leader_election()
    {
        var options = OperatorOptions.Read(_ => null);

        options.WatchNamespaces.ShouldBeEmpty();
        options.Workers.ShouldBe(4);
        options.LeaderElection.ShouldBeTrue();
        options.ListenAddress.Port.ShouldBe(8080);
        options.LogLevel.ShouldBe("Information");
        options.AllowLoopbackDatabases.ShouldBeFalse();
    }

    [Fact]
    public void Namespaces_are_separated_by_commas() =>
        OperatorOptions.Read(name => name == "WATCH_NAMESPACES" ? " one, two,," : null).WatchNamespaces.ShouldBe(["one", "two"]);

    [Theory]
    [InlineData("WORKERS", "0")]
    [InlineData("WORKERS", "65")]
    [InlineData("WORKERS", "many")]
    [InlineData("LEADER_ELECTION", "yes")]
    [InlineData("LISTEN_ADDRESS", "localhost:8080")]
    [InlineData("LISTEN_ADDRESS", "0.0.0.0")]
    [InlineData("LOG_LEVEL", "Trace")]
    [InlineData("LISTEN_ADDRESS", "8080")]
    [InlineData("LISTEN_ADDRESS", "0.0.0.0:0")]
    [InlineData("LISTEN_ADDRESS", "0.0.0.0:65536")]
    [InlineData("TELEGRAM_LOG_INTERVAL", "10")]
    [InlineData("TELEGRAM_LOG_INTERVAL", "9s")]
    [InlineData("TELEGRAM_LOG_INTERVAL", "25h")]
    [InlineData("TELEGRAM_LOG_INTERVAL", "99999h")]
    [InlineData("TELEGRAM_LOG_INTERVAL", "-10m")]
    [InlineData("TELEGRAM_LOG_INTERVAL", "10m\n")]
    [InlineData("TELEGRAM_LOG_INTERVAL", "1.5h")]
    [InlineData("TELEGRAM_LOG_INTERVAL", "00:10:00")]
    [InlineData("WORKERS", "-1")]
    [InlineData("WORKERS", "1.5")]
    [InlineData("WORKERS", " 4")]
    [InlineData("ALLOW_LOOPBACK_DATABASES", "1")]
    [InlineData("WATCH_NAMESPACES", ",")]
    [InlineData("WATCH_NAMESPACES", " ")]
    [InlineData("WATCH_NAMESPACES", "one two")]
    [InlineData("WATCH_NAMESPACES", "one,*")]
    [InlineData("WATCH_NAMESPACES", "One")]
    [InlineData("WATCH_NAMESPACES", "one/../two")]
    public void A_bad_value_is_refused_with_the_name_of_the_variable(string variable, string value) =>
        Should.Throw<FormatException>(() => OperatorOptions.Read(name => name == variable ? value : null)).Message.ShouldContain(variable);

    [Fact]
    public void A_bad_value_is_not_quoted() =>
        Should.Throw<FormatException>(() => OperatorOptions.Read(_ => "canary value")).Message.ShouldNotContain("canary");

    [Fact]
    public void Every_setting_is_read()
    {
        var options = OperatorOptions.Read(name => name switch
        {
            "WATCH_NAMESPACES" => "home",
            "POD_NAMESPACE" => "operators",
            "POD_NAME" => "operator-0",
            "LISTEN_ADDRESS" => "[::1]:9090",
            "WORKERS" => "64",
            "LEADER_ELECTION" => "false",
            "ALLOW_LOOPBACK_DATABASES" => "true",
            "LOG_LEVEL" => "warning",
            "TELEGRAM_LOG_INTERVAL" => "90s",
            _ => null,
        });
        options.WatchNamespaces.ShouldBe(["home"]);
        (options.Namespace, options.Identity, $"{options.ListenAddress}", options.Workers).ShouldBe(("operators", "operator-0", "[::1]:9090", 64));
        (options.LeaderElection, options.AllowLoopbackDatabases, options.LogLevel).ShouldBe((false, true, "Warning"));
        options.TelegramLogInterval.ShouldBe(TimeSpan.FromSeconds(90));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("10s", 10)]
    [InlineData("10m", 600)]
    [InlineData("24h", 86400)]
    [InlineData(null, 600)]
    public void A_time_is_a_number_with_its_unit(string? text, int seconds) =>
        OperatorOptions.Read(name => name == "TELEGRAM_LOG_INTERVAL" ? text : null).TelegramLogInterval.ShouldBe(TimeSpan.FromSeconds(seconds));

    /// <summary>A Deployment with an optional setting gives an empty variable, not none.</summary>
    [Fact]
    public void An_empty_variable_is_one_that_is_not_set()
    {
        var empty = OperatorOptions.Read(_ => "");
        empty.WatchNamespaces.ShouldBeEmpty();
        (empty with { WatchNamespaces = [] }).ShouldBe(OperatorOptions.Read(_ => null) with { WatchNamespaces = empty.WatchNamespaces });
    }
}
