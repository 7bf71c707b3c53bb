using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

[Collection(SetCollection.Name)]
public sealed class BackupScriptTests(SetTools tools)
{
    public const string OddData =
        """"
        CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('abc123');
        CREATE TABLE notes (id serial PRIMARY KEY, content text, embedding vector(3)); INSERT INTO notes (content, embedding) SELECT md5(i::text), '[1,2,3]' FROM generate_series(1, 3000) i;
        CREATE SCHEMA "Ünï ""q"""; CREATE TABLE "Ünï ""q"""."Tab'le $$ \x" ("Col" int GENERATED ALWAYS AS IDENTITY, p text); INSERT INTO "Ünï ""q"""."Tab'le $$ \x" (p) VALUES ('größer'), (E'a\tb\\n\n');
        CREATE TABLE part (i int, d date) PARTITION BY RANGE (d); CREATE TABLE part_a PARTITION OF part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); CREATE TABLE part_b PARTITION OF part DEFAULT;
        INSERT INTO part VALUES (1, '2020-02-02'), (2, '2024-01-01');
        CREATE TABLE computed (a int, b int GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO computed VALUES (4);
        CREATE VIEW looks AS SELECT * FROM notes; CREATE MATERIALIZED VIEW looked AS SELECT count(*) FROM notes; CREATE TYPE mood AS ENUM ('a', 'b'); CREATE DOMAIN small AS int CHECK (VALUE < 10);
        CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT 2 * $1'; CREATE SEQUENCE lonely; SELECT nextval('lonely'); COMMENT ON TABLE notes IS 'Notizen';
        CREATE INDEX ON notes USING hnsw (embedding vector_l2_ops);
        SELECT lo_from_bytea(0, 'hello'); SELECT lo_from_bytea(0, decode('00ff', 'hex'));
        """";

    [Fact]
    public async Task An_empty_database_becomes_a_set_that_is_proven()
    {
        var world = await tools.CreateAsync(withVector: false);
        var result = await world.RunAsync(ToolScripts.Backup, (ToolEnvironment.Verify, "Restore"));

        result.Outcome.ShouldBe(ToolOutcome.Succeeded, result.Message);
        result.Manifest!.Database!.Tables.ShouldBe(0);
        result.Manifest.Database.Revision.ShouldBeNull();
        result.Manifest.Parts!.Select(part => part.File).ShouldBe(["database.dump", "files.tar", "configuration.json", "secrets.json.gpg"]);
        result.Verified!.Rows.ShouldBe(0);
        world.Sets.ShouldBe([SetWorld.SetId]);
    }

    [Fact]
    public async Task Odd_data_is_counted_and_restored_for_a_test()
    {
        var world = await tools.CreateAsync();
        await world.SqlAsync(OddData);
        var result = await world.RunAsync(ToolScripts.Backup, (ToolEnvironment.Verify, "Restore"));

        result.Outcome.ShouldBe(ToolOutcome.Succeeded, result.Message);
        result.Verified!.Rows.ShouldBe((await world.ChecksumsAsync()).Rows);
        result.Manifest!.Database!.Revision.ShouldBe("abc123");
        result.Manifest.Database.VectorVersion.ShouldNotBeNull();
        (await world.RunAsync(ToolScripts.Verify)).Verified!.Tables.ShouldBe(6);
    }

    [Fact]
    public async Task Under_writes_the_set_is_one_moment_of_the_database()
    {
        var world = await tools.CreateAsync(superuser: true);
        await world.SqlAsync("CREATE TABLE a (i int PRIMARY KEY, t text); CREATE TABLE b (i int PRIMARY KEY, t text); INSERT INTO a SELECT i, md5(i::text) FROM generate_series(-20000, 0) i");
        using var stop = new CancellationTokenSource();
        var writes = 0;
        var writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                writes++;
                await world.SqlAsync($"BEGIN; INSERT INTO a VALUES ({writes}, md5('{writes}')); INSERT INTO b VALUES ({writes}, md5('{writes}')); COMMIT");
            }
        }, TestContext.Current.CancellationToken);
        await Wait.ForAsync(() => Task.FromResult(writes > 5), "some writes");
        await world.MakeSetAsync();
        await stop.CancelAsync();
        await writing;

        (await world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true"))).Mode.ShouldBe(ToolMode.Swap);
        const string Sums = "SELECT concat_ws(' ', count(*), md5(string_agg(i || t, ',' ORDER BY i))) FROM";
        var moment = await world.Server.ScalarAsync<int>("SELECT max(i) FROM b", world.Name, cancellation: TestContext.Current.CancellationToken);
        moment.ShouldBeGreaterThan(5);
        foreach (var table in (string[])["a", "b"])
        {
            (await world.Server.ScalarAsync<string>($"{Sums} {table}", world.Name, cancellation: TestContext.Current.CancellationToken))
                .ShouldBe(await world.Server.ScalarAsync<string>($"{Sums} {table} WHERE i <= {moment}", $"{world.Name}_before_deadbeef", cancellation: TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Nasty_passwords_and_passphrases_work_and_are_seen_nowhere()
    {
        string[] nasty =
        [
            "'quotes'\"\"", "$(id)`id`", "col:on:back\\slash\\", "new\nline in it", "emoji 🛒 ä", " leading and trailing ", "%41%00%s%n", "--option=x", "-d postgres", "a=b host=evil", "tab\tin it", "semi;colon|pipe&", "*?[glob]{a,b}",
            "~/home/$HOME", "!history!", "\\'\\\"\\n", "<xml/>&amp;", "postgresql://u:p@h/d", "#comment", new string('x', 250),
        ];
        var arguments = new HashSet<string>();
        foreach (var secret in nasty)
        {
            var world = await tools.CreateAsync(password: secret);
            await File.WriteAllTextAsync(Path.Combine(world.Folder, "passphrase"), $"{secret.Replace('\n', ' ')}\n", TestContext.Current.CancellationToken);
            await using var pod = world.Start(ToolScripts.Backup);
            var seen = await ArgumentsAsync(pod);
            var log = await pod.LogAsync();
            arguments.UnionWith(seen);

            var result = await pod.ResultAsync();
            result.Outcome.ShouldBe(ToolOutcome.Succeeded, $"{secret}: {result.Message}");
            seen.Append(log).Append(pod.Message).Where(text => text.Contains(secret, StringComparison.Ordinal) || text.Contains("canary-of-a-secret", StringComparison.Ordinal)).ShouldBeEmpty();
            (await CommandRunner.CaptureAsync("gpg", ["--batch", "--pinentry-mode", "loopback", "--passphrase-file", Path.Combine(world.Folder, "passphrase"), "--decrypt", Path.Combine(world.Set, "secrets.json.gpg")], cancellation: TestContext.Current.CancellationToken))
                .Output.ShouldContain("canary-of-a-secret");
        }

        // It has been looked at while those programs ran that know the password and the passphrase.
        foreach (var program in (string[])["psql", "pg_dump", "gpg"])
        {
            arguments.ShouldContain(line => line.Split('\0', 2)[0].EndsWith(program, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_wrong_password_a_missing_database_and_a_missing_passphrase_are_told_apart_and_leave_nothing()
    {
        var world = await tools.CreateAsync();
        foreach (var (name, value, reason) in new[]
        {
            (ToolEnvironment.Password, "canary-wrong", ToolReasons.AuthenticationFailed), (ToolEnvironment.Database, "nobody", ToolReasons.DatabaseMissing), (ToolEnvironment.Port, "1", ToolReasons.DatabaseUnreachable),
            (ToolEnvironment.Database, "dbname=postgres host=evil", ToolReasons.InputInvalid), ("FA_PASSPHRASE_FILE", "/nowhere", ToolReasons.PassphraseMissing), (ToolEnvironment.Set, "../../etc", ToolReasons.InputInvalid),
        })
        {
            var result = await world.RunAsync(ToolScripts.Backup, (name, value));
            result.Reason.ShouldBe(reason, result.Message);
            result.Message!.ShouldNotContain("canary");
            world.Sets.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_the_server_refused_stands_in_the_message_because_the_pod_goes()
    {
        var world = await tools.CreateAsync();
        await world.Server.ExecuteAsync("CREATE TABLE public.hidden_notes (i int)", world.Name, cancellation: TestContext.Current.CancellationToken);

        var result = await world.RunAsync(ToolScripts.Backup);

        result.Reason.ShouldBe(ToolReasons.NotPermitted, result.Message);
        result.Message.ShouldNotBeNull().ShouldContain("grant it. Last said: ");
        result.Message.ShouldContain("permission denied for table hidden_notes");
        world.Sets.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_volume_fails_with_its_reason()
    {
        var world = await tools.CreateAsync();
        await world.SqlAsync("CREATE TABLE noise (t text); INSERT INTO noise SELECT md5(i::text) || md5((i * 7)::text) FROM generate_series(1, 40000) i");
        // The nearest thing to a full disk that needs no disk: no file may become larger than so many blocks.
        var result = await world.RunAsync("ulimit -f 400\n" + ToolScripts.Backup);

        result.Reason.ShouldBe(ToolReasons.DiskFull, result.Message);
        world.Sets.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_dies_in_the_middle_leaves_no_set()
    {
        var world = await tools.CreateAsync();
        await world.SqlAsync(OddData);
        var stops = new Stops(world);
        stops.Choose("pg_dump");
        await using var pod = world.Start(ToolScripts.Backup, stops.Variables);
        // The first is the question for its version, which does not need a server.
        (await stops.HaltedAsync(pod)).ShouldBeTrue();
        await world.Server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{world.Name}'", cancellation: TestContext.Current.CancellationToken);
        stops.Go();

        (await pod.ResultAsync()).Reason.ShouldBe(ToolReasons.DatabaseUnreachable);
        world.Sets.ShouldBeEmpty();
    }

    private static async Task<HashSet<string>> ArgumentsAsync(ToolPod pod)
    {
        var seen = new HashSet<string>();
        while (!pod.HasExited)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
            {
                try
                {
                    seen.Add(await File.ReadAllTextAsync(Path.Combine(process, "cmdline"), TestContext.Current.CancellationToken));
                }
                catch (IOException)
                {
                    // It has ended.
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return seen;
    }
}
