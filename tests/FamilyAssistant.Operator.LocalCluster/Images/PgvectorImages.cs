using System.Collections.Immutable;

namespace FamilyAssistant.Operator.LocalCluster.Images;

/// <summary><c>pgvector/pgvector</c>: the machine's own PostgreSQL under every tag, behind an entry point that behaves as the official one.</summary>
internal static class PgvectorImages
{
    private const string Folder = "/opt/pgvector";
    private const string Home = "var/lib/postgresql";

    public static IEnumerable<ImageRecipe> From(ImageCatalog.PgvectorEntry entry, StandInImageOptions options)
    {
        const string script = "docker-entrypoint.sh";
        var files = ImageContent.ReadFolder(Path.Combine(options.SourceDirectory, "pgvector"), path => path == script);
        if (files.IsEmpty)
        {
            throw new FileNotFoundException(script);
        }

        // The folder that the volume is mounted on has to be there, as it is in the official image.
        files = files.Add($"{Home}/data/.empty", []);
        return entry.Tags.Select(tag => new ImageRecipe(entry.Repository, tag.Key, Content(files, tag.Value), folder => Image(folder, tag.Value)));
    }

    private static ImageContent Content(ImmutableSortedDictionary<string, byte[]> files, string major) => new(files, $"pgvector major={major}");

    private static LocalImage Image(string folder, string major) => new()
    {
        Reference = "",
        Digest = "",
        Mounts = [new ImageMount(folder, Folder), new ImageMount(Path.Combine(folder, Home), $"/{Home}")],
        Entrypoint = [$"{Folder}/docker-entrypoint.sh"],
        Command = ["postgres"],
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{StandInTools.PostgresBinaries}:/usr/bin:/bin:/usr/sbin:/sbin",
            ["PG_MAJOR"] = major,
            ["PGDATA"] = "/var/lib/postgresql/data",
            ["LANG"] = "C.UTF-8",
        },
    };
}
