using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.StandInTests;

public sealed class PostgresOutageTests
{
    [Fact]
    public async Task Data_and_port_survive_an_outage()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await StandInTools.EnsureAsync(static _ => { }, cancellation);
        var folder = Directory.CreateTempSubdirectory("postgres-outage-").FullName;
        await using (var server = await PostgresServer.StartAsync(folder, cancellation))
        {
            var port = server.Port;
            await server.ExecuteAsync("CREATE TABLE t AS SELECT 7 AS x", cancellation: cancellation);
            await server.StopAsync();
            server.IsRunning.ShouldBeFalse();
            await Should.ThrowAsync<NpgsqlException>(() => server.ScalarAsync<int>("SELECT x FROM t", cancellation: cancellation));

            await server.StartAgainAsync(cancellation);
            server.Port.ShouldBe(port);
            (await server.ScalarAsync<int>("SELECT x FROM t", cancellation: cancellation)).ShouldBe(7);
        }

        Directory.Delete(folder, recursive: true);
    }
}
