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
    [InlineData("ALLOW_LOOPBACK_DATABASES", "1")]
    public void A_bad_value_is_refused_with_the_name_of_the_variable(string variable, string value) =>
        Should.Throw<FormatException>(() => OperatorOptions.Read(name => name == variable ? value : null)).Message.ShouldContain(variable);
}
