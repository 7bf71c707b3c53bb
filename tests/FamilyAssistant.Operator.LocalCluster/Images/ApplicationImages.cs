using System.Text.Json;
using System.Text.Json.Serialization;

namespace FamilyAssistant.Operator.LocalCluster.Images;

/// <summary>The stand-in application's images: the same code, each with its own revisions and faults.</summary>
internal static class ApplicationImages
{
    private const string Versions = "alembic/versions/";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public static IEnumerable<ImageRecipe> From(ImageCatalog.ApplicationEntry entry, StandInImageOptions options)
    {
        var source = Path.Combine(options.SourceDirectory, "family-assistant", "app");
        var recipes = entry.Tags.ToDictionary(tag => tag.Key, tag => Recipe(entry, tag.Key, tag.Value, source, options.TelegramBaseAddress));
        return recipes.Values.Concat(entry.Aliases.Select(alias => recipes[alias.Value] with { Tag = alias.Key }));
    }

    private static ImageRecipe Recipe(ImageCatalog.ApplicationEntry entry, string name, ImageCatalog.ApplicationTag tag, string source, Uri? telegram)
    {
        var revisions = entry.RevisionsOf(tag).Select(revision => $"{Versions}{revision}.py").ToHashSet(StringComparer.Ordinal);
        var files = ImageContent.ReadFolder(source, path => !path.StartsWith(Versions, StringComparison.Ordinal) || revisions.Contains(path));
        var missing = revisions.FirstOrDefault(path => !files.ContainsKey(path));
        if (missing is not null)
        {
            throw new InvalidDataException($"catalog.yaml: tag '{name}' names {missing}, which does not exist");
        }

        var description = JsonSerializer.SerializeToUtf8Bytes(Description(name, tag), Json);
        var content = new ImageContent(files.Add("image.json", description), "family-assistant uid=1001 workdir=/app");
        return new ImageRecipe(entry.Repository, name, content, folder => Image(folder, tag, telegram));
    }

    /// <summary>What <c>image.py</c> reads.</summary>
    private static object Description(string name, ImageCatalog.ApplicationTag tag) => new
    {
        Tag = name,
        tag.ConflictStopsPolling,
        tag.CrashAtStart,
        tag.CrashAfterSeconds,
        tag.StartSeconds,
        tag.StopSeconds,
        tag.AlwaysInitializing,
        tag.UnhealthyAfterSeconds,
        tag.Environment,
    };

    private static LocalImage Image(string folder, ImageCatalog.ApplicationTag tag, Uri? telegram)
    {
        var environment = new Dictionary<string, string>(tag.Environment)
        {
            ["PATH"] = "/app/bin:/usr/bin:/bin",
            ["ALEMBIC_CONFIG"] = "/app/alembic.ini",
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["PYTHONUNBUFFERED"] = "1",
        };
        if (telegram is not null)
        {
            environment["TELEGRAM_API_BASE_URL"] = telegram.ToString().TrimEnd('/');
        }

        return new LocalImage
        {
            Reference = "",
            Digest = "",
            Mounts = [new ImageMount(folder, "/app")],
            Entrypoint = ["family-assistant"],
            Environment = environment,
            WorkingDirectory = "/app",
            User = 1001,
        };
    }
}
