using System.Net;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.StandInTests;

[Collection(StandInCollection.Name)]
public sealed class ApplicationStartTests(StandIns standIns)
{
    private const string Newest = "20260301_120000";

    [Fact]
    public async Task On_a_new_database_it_creates_everything_and_stamps_the_head()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using var application = standIns.RunApplication("20260222_031455", database);
        (await application.WaitForHealthAsync("healthy")).ShouldBe((HttpStatusCode.OK, "Web service running (Telegram disabled)"));

        (await database.RevisionsAsync()).ShouldBe("add_is_skill_notes");
        var tables = (await database.TablesAsync()).Split(',');
        string[] expected =
        [
            "notes", "tasks", "message_history", "event_listeners", "schedule_automations", "received_emails", "documents", "document_embeddings", "api_tokens",
            "push_subscriptions", "recent_events", "error_logs", "attachment_metadata",
        ];
        expected.ShouldAllBe(table => tables.Contains(table));
        tables.ShouldNotContain("a2a_tasks");
        // As the real one does: whoever quotes this log has to redact it.
        application.Output.ShouldContain(database.Url);
    }

    [Fact]
    public async Task A_newer_image_upgrades_and_comes_to_the_schema_of_a_new_database()
    {
        var old = await standIns.CreateDatabaseAsync();
        await using (var application = standIns.RunApplication("20251105_090000", old))
        {
            await application.WaitForHealthAsync("healthy");
        }

        (await old.RevisionsAsync()).ShouldBe("a7c55b979906");
        await using (var application = standIns.RunApplication(Newest, old))
        {
            await application.WaitForHealthAsync("healthy");
        }

        var fresh = await standIns.CreateDatabaseAsync();
        await using (var application = standIns.RunApplication(Newest, fresh))
        {
            await application.WaitForHealthAsync("healthy");
        }

        (await old.RevisionsAsync()).ShouldBe("add_a2a_tasks");
        (await old.SchemaAsync()).ShouldBe(await fresh.SchemaAsync());
    }

    [Fact]
    public async Task An_older_image_does_not_know_the_newer_revision_until_the_newer_image_has_downgraded()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using (var newer = standIns.RunApplication(Newest, database))
        {
            await newer.WaitForHealthAsync("healthy");
        }

        await using (var older = standIns.RunApplication("20260222_031455", database))
        {
            (await older.WaitForExitAsync()).ShouldBe(1);
            older.Output.ShouldContain("Can't locate revision identified by 'add_a2a_tasks'");
        }

        (await standIns.AlembicAsync(Newest, database, "downgrade", "-1")).Code.ShouldBe(0);
        await using var again = standIns.RunApplication("20260222_031455", database);
        await again.WaitForHealthAsync("healthy");
    }

    [Fact]
    public async Task Two_heads_are_an_error_of_Alembic()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using (var first = standIns.RunApplication("20260222_031455", database))
        {
            await first.WaitForHealthAsync("healthy");
        }

        await using var application = standIns.RunApplication("two-heads", database);
        (await application.WaitForExitAsync()).ShouldBe(1);
        application.Output.ShouldContain("Multiple head revisions are present");
        var (code, heads) = await standIns.AlembicAsync("two-heads", database, "heads");
        code.ShouldBe(0);
        heads.ShouldContain("add_a2a_tasks (head)");
        heads.ShouldContain("add_note_pins (head)");
    }

    [Fact]
    public async Task A_failing_migration_leaves_nothing_behind_and_is_tried_again()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using (var first = standIns.RunApplication("20260115_101500", database))
        {
            await first.WaitForHealthAsync("healthy");
        }

        await using var application = standIns.RunApplication("failing-migration", database);
        await application.WaitForOutputAsync("attempt 2/10");
        (await application.HealthAsync()).ShouldBeNull("the web server answers only after the migration");
        // Not even the good revisions before the bad one: all of them are one transaction.
        (await database.RevisionsAsync()).ShouldBe("add_worker_tasks");
        (await database.TablesAsync()).ShouldNotContain("half_done");
    }

    [Fact]
    public async Task A_slow_migration_keeps_the_web_server_from_answering_and_can_be_stopped()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using (var first = standIns.RunApplication(Newest, database))
        {
            await first.WaitForHealthAsync("healthy");
        }

        await using (var slow = standIns.RunApplication("slow-migration", database))
        {
            await slow.WaitForOutputAsync("add_slow_rewrite");
            (await slow.HealthAsync()).ShouldBeNull();
            slow.Terminate();
            (await slow.WaitForExitAsync()).ShouldBe(0);
        }

        (await database.RevisionsAsync()).ShouldBe("add_a2a_tasks");
        // The server finishes the sleep of the process that is gone, and holds its locks that long.
        await database.EndSessionsAsync();
        await using var quick = standIns.RunApplication("slow-migration", database, new() { ["STANDIN_MIGRATION_SECONDS"] = "0" });
        await quick.WaitForHealthAsync("healthy");
        (await database.RevisionsAsync()).ShouldBe("add_slow_rewrite");
    }

    [Fact]
    public async Task Without_the_right_to_create_the_extension_it_does_not_start()
    {
        var database = await standIns.CreateDatabaseAsync(withVector: false);
        await using var application = standIns.RunApplication(Newest, database);
        await application.WaitForOutputAsync("permission denied to create extension");
        (await database.TablesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_migrations_alone_do_not_make_the_extension()
    {
        var database = await standIns.CreateDatabaseAsync(withVector: false);
        var (code, output) = await standIns.AlembicAsync(Newest, database, "upgrade", "head");
        code.ShouldBe(1);
        output.ShouldContain("type \"vector\" does not exist");
    }

    [Theory]
    [InlineData("postgresql://u:p@127.0.0.1/d", "async driver")]
    [InlineData("postgresql+asyncpg://u:p@127.0.0.1/d?sslmode=require", "unexpected keyword argument 'sslmode'")]
    public async Task A_url_that_asyncpg_would_refuse_is_refused(string url, string message)
    {
        await using var application = standIns.RunApplication(Newest, new Dictionary<string, string> { ["DATABASE_URL"] = url });
        (await application.WaitForExitAsync()).ShouldBe(1);
        application.Output.ShouldContain(message);
    }

    [Fact]
    public async Task A_wrong_password_is_tried_again_and_logged()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using var application = standIns.RunApplication(Newest, database with { Password = "wrong" });
        await application.WaitForOutputAsync("password authentication failed");
        await application.WaitForOutputAsync("Retrying in 2 s");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_ends_the_start()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using var application = standIns.RunApplication(Newest, database, new() { ["DOCUMENT_STORAGE_PATH"] = "/usr/files" });
        (await application.WaitForExitAsync()).ShouldBe(1);
        application.Output.ShouldContain("DOCUMENT_STORAGE_PATH=/usr/files cannot be written");
    }

    [Fact]
    public async Task The_image_that_crashes_at_start_touches_nothing()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using var application = standIns.RunApplication("crash-at-start", database);
        (await application.WaitForExitAsync()).ShouldBe(1);
        (await database.TablesAsync()).ShouldBeEmpty();
    }
}
