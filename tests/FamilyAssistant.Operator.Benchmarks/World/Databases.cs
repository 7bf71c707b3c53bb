using FamilyAssistant.Operator.LocalCluster.Postgres;

namespace FamilyAssistant.Operator.Benchmarks.World;

/// <summary>
/// A database for each instance on one server, in the state in which the application's own first start leaves one: the extension is there and a revision is
/// recorded. All belong to one role.
/// </summary>
internal static class Databases
{
    /// <summary>Role that owns them.</summary>
    public const string Role = "bench";

    private const string Template = "bench_template";

    /// <summary>Name of the database of an instance.</summary>
    public static string NameOf(int instance) => $"bench_{instance:0000}";

    /// <summary>Creates them; some tens of milliseconds and 8 MB each.</summary>
    public static async Task CreateAsync(PostgresServer server, int count, string password, CancellationToken ct)
    {
        await server.CreateDatabaseAsync(Template, Role, password, withVector: true, ct);
        await server.ExecuteAsync("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)", Template, ct);
        await server.ExecuteAsync("INSERT INTO alembic_version VALUES ('6daf0237b0ba')", Template, ct);
        await server.ExecuteAsync($"ALTER TABLE alembic_version OWNER TO {Role}", Template, ct);
        foreach (var instance in Enumerable.Range(0, count))
        {
            await server.ExecuteAsync($"CREATE DATABASE {NameOf(instance)} OWNER {Role} TEMPLATE {Template}", cancellation: ct);
        }
    }
}
