using System.Net;
using System.Net.Sockets;
using System.Text;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>Servers and databases that want something of who connects to them.</summary>
[Collection(SetCollection.Name)]
public sealed class HostileServerTests(SetTools tools)
{
    private static readonly string[] Answers = ["HTTP/1.1 400 Bad Request\r\n\r\ncanary-of-a-banner", "E\0\0\0\u0020SFATAL\0C42000\0Mcanary-of-a-banner\0\0", "\u0001\u0002\u0003canary-of-a-banner", ""];

    [Fact]
    public async Task A_server_that_talks_nonsense_is_one_that_cannot_be_reached_and_is_not_quoted()
    {
        var world = await tools.CreateAsync();
        foreach (var answer in Answers)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var served = ServeAsync(listener, answer);

            var result = await world.RunAsync(ToolScripts.Backup, (ToolEnvironment.Host, "127.0.0.1"), (ToolEnvironment.Port, $"{((IPEndPoint)listener.LocalEndpoint).Port}"));

            listener.Stop();
            await served;
            result.Reason.ShouldBe(ToolReasons.DatabaseUnreachable, $"{result.Message} after {answer}");
            result.Message.ShouldNotBeNull().ShouldNotContain("canary");
            world.Sets.ShouldBeEmpty();
        }
    }

    /// <summary>Names in front of those of the system, for every question that the scripts ask.</summary>
    [Fact]
    public async Task What_a_database_shadows_is_not_asked()
    {
        var world = await tools.CreateAsync();
        await world.SqlAsync(BackupScriptTests.OddData);
        await world.SqlAsync($"""
            CREATE TABLE caught (by text);
            CREATE FUNCTION trap(what text) RETURNS void LANGUAGE sql AS $t$ INSERT INTO public.caught VALUES (what) $t$;
            CREATE FUNCTION concat_ws(text, int, text) RETURNS text LANGUAGE sql AS $t$ SELECT public.trap('concat_ws'); SELECT '99 99' $t$;
            CREATE FUNCTION concat_ws(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS $t$ SELECT public.trap('concat_ws'); SELECT '99 99' $t$;
            CREATE FUNCTION current_setting(text) RETURNS text LANGUAGE sql AS $t$ SELECT public.trap('current_setting'); SELECT '990000' $t$;
            CREATE FUNCTION format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS $t$ SELECT public.trap('format'); SELECT 'SELECT 1' $t$;
            CREATE FUNCTION quote_ident(text) RETURNS text LANGUAGE sql AS $t$ SELECT public.trap('quote_ident'); SELECT 'x' $t$;
            CREATE FUNCTION has_table_privilege(oid, text) RETURNS bool LANGUAGE sql AS $t$ SELECT public.trap('has_table_privilege'); SELECT true $t$;
            CREATE FUNCTION same(oid, oid) RETURNS bool LANGUAGE sql AS $t$ SELECT public.trap('operator'); SELECT false $t$;
            CREATE OPERATOR = (LEFTARG = oid, RIGHTARG = oid, FUNCTION = same);
            CREATE VIEW pg_class AS SELECT 'none'::name AS relname WHERE false;
            CREATE VIEW pg_settings AS SELECT 'none'::text AS name WHERE false;
            CREATE VIEW pg_stat_activity AS SELECT 'none'::name AS datname WHERE false;
            ALTER ROLE {world.Name} SET search_path = public, pg_catalog;
            """);

        (await world.RunAsync(ToolScripts.Backup)).Outcome.ShouldBe(ToolOutcome.Succeeded);
        var result = await world.RunAsync(ToolScripts.Inspect, (ToolEnvironment.ReplaceData, "true"));
        result.Outcome.ShouldBe(ToolOutcome.Succeeded, result.Message);
        result.Target.ShouldNotBeNull().ServerVersion.ShouldNotStartWith("99");
        result.Target.HasData.ShouldBeTrue();
        result.Manifest.ShouldNotBeNull().Database.ShouldNotBeNull().Rows.ShouldBe(3006);
        (await world.RunAsync(ToolScripts.Compare)).Comparison.ShouldNotBeNull().SetRows.ShouldBe(3006);
        foreach (var mode in (string[])["Auto", "Transaction"])
        {
            var restored = await world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true"), (ToolEnvironment.Mode, mode), (ToolEnvironment.Uid8, mode == "Auto" ? "0badf00d" : "deadbeef"));
            restored.Outcome.ShouldBe(ToolOutcome.Succeeded, restored.Message);
            restored.Rows.ShouldBe(3006);
        }

        (await world.Server.ScalarAsync<string>("SELECT string_agg(DISTINCT by, ' ') FROM caught", world.Name, cancellation: TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    private static async Task ServeAsync(TcpListener listener, string answer)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                await using var stream = client.GetStream();
                _ = await stream.ReadAtLeastAsync(new byte[4096], minimumBytes: 1, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
                await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), TestContext.Current.CancellationToken);
            }
        }
        catch (Exception end) when (end is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The listener was stopped.
        }
    }
}
