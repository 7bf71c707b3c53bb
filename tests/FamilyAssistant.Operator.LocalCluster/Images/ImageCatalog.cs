using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace FamilyAssistant.Operator.LocalCluster.Images;

/// <summary>The content of <c>tests/images/catalog.yaml</c>. An unknown key is an error: a misspelt fault would test nothing.</summary>
internal sealed class ImageCatalog
{
    public ApplicationEntry FamilyAssistant { get; set; } = new();

    public PgvectorEntry Pgvector { get; set; } = new();

    public static ImageCatalog Load(string file)
    {
        var reader = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        using var text = File.OpenText(file);
        return reader.Deserialize<ImageCatalog>(text);
    }

    internal sealed class ApplicationEntry
    {
        public string Repository { get; set; } = "";

        public List<string> History { get; set; } = [];

        public Dictionary<string, ApplicationTag> Tags { get; set; } = [];

        public Dictionary<string, string> Aliases { get; set; } = [];

        /// <summary>The revisions of a tag's image: the history up to its head, and what it has besides.</summary>
        public IReadOnlyList<string> RevisionsOf(ApplicationTag tag)
        {
            var last = History.IndexOf(tag.Head);
            return last >= 0
                ? [.. History.Take(last + 1), .. tag.Also]
                : throw new InvalidDataException($"catalog.yaml: head '{tag.Head}' is not in the history");
        }
    }

    internal sealed class ApplicationTag
    {
        public string Head { get; set; } = "";

        public List<string> Also { get; set; } = [];

        public Dictionary<string, string> Environment { get; set; } = [];

        public bool ConflictStopsPolling { get; set; }

        public bool CrashAtStart { get; set; }

        public double? CrashAfterSeconds { get; set; }

        public double StartSeconds { get; set; }

        public double StopSeconds { get; set; }

        public bool AlwaysInitializing { get; set; }

        public double? UnhealthyAfterSeconds { get; set; }
    }

    internal sealed class PgvectorEntry
    {
        public string Repository { get; set; } = "";

        public Dictionary<string, string> Tags { get; set; } = [];
    }
}
