using System.Net;
using FamilyAssistant.Operator.Adapters;
using FamilyAssistant.Operator.Adapters.Databases;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.IntegrationTests.StandInTests;
using FamilyAssistant.Operator.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.DatabaseTests;

/// <summary>Looks at a real PostgreSQL as the operator does.</summary>
internal static class Looks
{
    /// <summary>What the owner of the database would be given.</summary>
    public static DatabaseTarget Target(this TestDatabase database) => new(database.Server.Host, database.Server.Port, database.Name, database.Name, database.Password, SslMode.Prefer);

    public static async Task<DatabaseLook> AtAsync(DatabaseTarget target, HostLookup? hosts = null, bool allowLoopback = true)
    {
        var probe = new DatabaseProbe(hosts ?? HostLookup.System, new AddressPolicy(new MonitorOptions { AllowLoopback = allowLoopback }), TimeProvider.System, NullLogger<DatabaseProbe>.Instance);
        return await probe.LookAsync("home", target, TestContext.Current.CancellationToken);
    }

    public static async Task<DatabaseObservation.Available> AvailableAsync(DatabaseTarget target) =>
        (await AtAsync(target)).Observation.ShouldBeOfType<DatabaseObservation.Available>();

    /// <summary>The failure; whatever it is, its message holds no password.</summary>
    public static async Task<DatabaseObservation.Failed> FailedAsync(DatabaseTarget target, HostLookup? hosts = null, bool allowLoopback = true)
    {
        var look = await AtAsync(target, hosts, allowLoopback);
        look.Figures.ShouldBeNull();
        var failed = look.Observation.ShouldBeOfType<DatabaseObservation.Failed>();
        failed.Message.ShouldNotContain(target.Password);
        return failed;
    }

    /// <summary>Runs statements in the database as superuser.</summary>
    public static Task ExecuteAsync(this TestDatabase database, string sql) => database.Server.ExecuteAsync(sql, database.Name, TestContext.Current.CancellationToken);

    /// <summary>A resolver that knows these addresses for every name.</summary>
    public static HostLookup Resolving(params string[] addresses) => new((_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()));
}
