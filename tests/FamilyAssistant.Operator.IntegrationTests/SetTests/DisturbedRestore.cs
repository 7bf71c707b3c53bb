using FamilyAssistant.Operator.LocalCluster.TestData;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>A database that was changed after its set had been made. However a restore of the set was disturbed: it is as it was or as the set, and a second run makes it whole.</summary>
internal sealed class DisturbedRestore
{
    /// <summary>Rows with an extension's type, and a large object.</summary>
    public const string New = "CREATE TABLE alembic_version (version_num varchar(32)); CREATE TABLE notes (id int, t text, v vector(2)); INSERT INTO notes SELECT i, md5(i::text), '[1,2]' FROM generate_series(1, 2000) i; SELECT lo_from_bytea(7, 'x')";

    /// <summary>Begins the name of a table that a restore in one transaction leaves.</summary>
    public const string Mark = "family_assistant_restored_";

    /// <summary>What changes it, also when the server crashes right behind it.</summary>
    public const string Old = "SET synchronous_commit = on; TRUNCATE notes; INSERT INTO notes VALUES (0, 'old', '[0,0]'); CREATE TABLE extra (i int); SELECT lo_unlink(7)";

    /// <summary>Points of the script at which something becomes so for good.</summary>
    public const string Decisive = "psql (COMMIT|(ALTER|CREATE|DROP) DATABASE)";

    private readonly bool _swap;
    private readonly DatabaseChecksums _set;
    private readonly DatabaseChecksums _before;

    private DisturbedRestore(SetWorld world, bool swap, DatabaseChecksums set, DatabaseChecksums before)
    {
        World = world;
        _swap = swap;
        _set = set;
        _before = before;
    }

    /// <summary>Where it is.</summary>
    public SetWorld World { get; }

    /// <summary>Makes it.</summary>
    /// <param name="tools">Where.</param>
    /// <param name="swap">Whether the role may create databases, so that a new one is swapped for the old one.</param>
    public static async Task<DisturbedRestore> CreateAsync(SetTools tools, bool swap)
    {
        var world = await tools.CreateAsync(superuser: swap, createdb: swap);
        await world.SqlAsync(New);
        await world.MakeSetAsync();
        var set = await world.ChecksumsAsync();
        await world.SqlAsync(Old);
        return new DisturbedRestore(world, swap, set, await world.ChecksumsAsync());
    }

    /// <summary>What differs from the set.</summary>
    public async Task<string[]> FromSetAsync() => Differences(await World.ChecksumsAsync(), _set);

    /// <summary>What differs from before.</summary>
    public async Task<string[]> FromBeforeAsync() => Differences(await World.ChecksumsAsync(), _before);

    /// <summary>Looks at what is there, restores again, and puts everything back for the next time.</summary>
    public async Task ShouldBecomeWholeAsync()
    {
        var databases = (await World.DatabasesAsync()).Split(' ');
        var aside = $"{World.Name}_before_deadbeef";
        if (databases.Contains(World.Name) && await FromBeforeAsync() is [_, ..] changed)
        {
            (await FromSetAsync()).ShouldBeEmpty($"neither this nor what was before: {string.Join("; ", changed)}");
            databases.Contains(aside).ShouldBe(_swap);
        }

        if (!databases.Contains(World.Name) || databases.Contains(aside))
        {
            (await World.ChecksumsAsync(aside)).Differences(_before).ShouldBeEmpty();
        }

        var again = await World.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true"));
        again.Mode.ShouldBe(_swap ? ToolMode.Swap : ToolMode.Transaction, again.Message);
        (await FromSetAsync()).ShouldBeEmpty();
        if (_swap)
        {
            (await World.RunAsync(ToolScripts.SwapBack)).PutBack.ShouldBe(ToolPutBack.PutBack);
            (await World.ChecksumsAsync()).Differences(_before).ShouldBeEmpty();
        }
        else
        {
            (await World.RunAsync(ToolScripts.SwapBack)).PutBack.ShouldBe(ToolPutBack.NeedsSet);
            (await World.RunAsync(ToolScripts.CleanUp)).Outcome.ShouldBe(ToolOutcome.Succeeded);
            await World.SqlAsync(Old);
        }

        (await World.DatabasesAsync()).ShouldBe(World.Name);
    }

    private static string[] Differences(DatabaseChecksums one, DatabaseChecksums other) => [.. one.Differences(other).Where(line => !line.Contains(Mark, StringComparison.Ordinal))];
}
