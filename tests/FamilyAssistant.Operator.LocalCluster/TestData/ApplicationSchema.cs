using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using Npgsql;

namespace FamilyAssistant.Operator.LocalCluster.TestData;

/// <summary>The application's tables in a database, made by Alembic from the revisions of one of its images.</summary>
public static class ApplicationSchema
{
    /// <summary>Creates the extension, where the role may and it is not there yet, and upgrades to the head of an image.</summary>
    /// <param name="images">The registry with the image.</param>
    /// <param name="image">Reference, for example <c>ghcr.io/werdnum/family-assistant:20260222_031455</c>.</param>
    /// <param name="connectionString">Of the database, as its owner.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task CreateAsync(StandInImages images, string image, string connectionString, CancellationToken cancellation = default)
    {
        var found = images.Find(image) ?? throw new InvalidOperationException($"the image {image} cannot be pulled");
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS vector", connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }

        var environment = new Dictionary<string, string>
        {
            ["ALEMBIC_CONFIG"] = Path.Combine(found.Mounts[0].HostPath, "alembic.ini"),
            ["DATABASE_URL"] = UrlOf(new NpgsqlConnectionStringBuilder(connectionString)),
            ["PYTHONDONTWRITEBYTECODE"] = "1",
        };
        (await CommandRunner.CaptureAsync("/usr/bin/alembic", ["upgrade", "head"], environment, cancellation)).OutputOrThrow("alembic upgrade head");
    }

    private static string UrlOf(NpgsqlConnectionStringBuilder settings) =>
        $"postgresql+asyncpg://{Uri.EscapeDataString(settings.Username!)}:{Uri.EscapeDataString(settings.Password!)}@{settings.Host}:{settings.Port}/{Uri.EscapeDataString(settings.Database!)}";
}
