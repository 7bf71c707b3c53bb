using System.Net;
using System.Net.Sockets;
using FamilyAssistant.Operator.Adapters;
using FamilyAssistant.Operator.Adapters.Databases;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Databases;

/// <summary>What an instance must not reach through the operator, in every spelling.</summary>
public sealed class AddressPolicyTests
{
    private static readonly IPEndPoint ApiServer = new(IPAddress.Parse("10.96.0.1"), 443);

    public static TheoryData<string> Refused =>
    [
        // This machine.
        "127.0.0.1", "127.9.8.7", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "0.1.2.3", "::1", "::", "::ffff:127.0.0.1", "::ffff:0.0.0.0", "::127.0.0.1", "64:ff9b::127.0.0.1",

        // The node and the cloud.
        "169.254.169.254", "169.254.0.1", "::ffff:169.254.169.254", "::169.254.169.254", "64:ff9b::a9fe:a9fe", "fe80::1", "fe80::a9fe:a9fe%1", "fd00:ec2::254", "100.100.100.200", "::ffff:100.100.100.200", "168.63.129.16",

        // Groups.
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "ff02::1", "::ffff:224.0.0.1",
    ];

    public static TheoryData<string> Allowed =>
    [
        "10.0.0.5", "10.96.0.1", "172.16.0.1", "192.168.1.10", "100.64.0.1", "203.0.113.7", "1.0.0.1", "169.253.255.255", "169.255.0.1", "223.255.255.255",
        "fd00::5", "2001:db8::1", "::ffff:10.0.0.5", "64:ff9b::10.0.0.5", "fd00:ec2::253",
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_address_that_only_the_operator_could_reach_is_never_dialled(string address) => Policy().Allows(IPAddress.Parse(address), 5432).ShouldBeFalse();

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_database_may_be_anywhere_else(string address) => Policy().Allows(IPAddress.Parse(address), 5432).ShouldBeTrue();

    [Theory]
    [InlineData("10.96.0.1", 443, false)]
    [InlineData("::ffff:10.96.0.1", 443, false)]
    [InlineData("10.96.0.1", 5432, true)]
    [InlineData("10.96.0.2", 443, true)]
    public void The_API_server_is_refused_at_its_own_port(string address, int port, bool allowed) => Policy().Allows(IPAddress.Parse(address), port).ShouldBe(allowed);

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.53", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("169.254.169.254", false)]
    public void Loopback_alone_can_be_let_in(string address, bool allowed) => Policy(allowLoopback: true).Allows(IPAddress.Parse(address), 5432).ShouldBe(allowed);

    [Theory]
    [InlineData("db", "db.home.svc db")]
    [InlineData("localhost", "localhost")]
    [InlineData("db.example.com", "db.example.com")]
    public async Task A_name_without_a_dot_is_looked_up_as_a_Service_of_the_instances_namespace_first(string host, string expected)
    {
        List<string> asked = [];
        var found = await Lookup(name =>
        {
            asked.Add(name);
            return [];
        }).ResolveAsync(host, "home", TestContext.Current.CancellationToken);
        found.ShouldBeEmpty();
        asked.ShouldBe(expected.Split(' '));
    }

    [Fact]
    public async Task The_first_name_that_is_known_counts() =>
        (await Lookup(name => name == "db.home.svc" ? [IPAddress.Parse("10.0.0.5")] : [IPAddress.Parse("10.9.9.9")]).ResolveAsync("db", "home", TestContext.Current.CancellationToken))
            .ShouldBe([IPAddress.Parse("10.0.0.5")]);

    [Fact]
    public async Task An_unknown_name_has_no_address() =>
        (await Lookup(_ => throw new SocketException((int)SocketError.HostNotFound)).ResolveAsync("db", "home", TestContext.Current.CancellationToken)).ShouldBeEmpty();

    /// <summary>The C library reads all of these as addresses; none may pass as a name that a server is asked for.</summary>
    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5")]
    [InlineData("127.1", "127.0.0.1")]
    [InlineData("2130706433", "127.0.0.1")]
    [InlineData("0x7f000001", "127.0.0.1")]
    public async Task An_address_is_not_looked_up(string host, string address) =>
        (await Lookup(_ => throw new InvalidOperationException()).ResolveAsync(host, "home", TestContext.Current.CancellationToken)).ShouldBe([IPAddress.Parse(address)]);

    private static AddressPolicy Policy(bool allowLoopback = false) => new(new MonitorOptions { AllowLoopback = allowLoopback, ApiServer = ApiServer });

    private static HostLookup Lookup(Func<string, IPAddress[]> resolve) => new((name, _) => Task.FromResult(resolve(name)));
}
