using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace FamilyAssistant.Operator.LocalCluster.Images;

/// <summary>
/// The registry of the local cluster: the stand-in application's tags, pgvector's, and what was added. <c>tests/images/README.md</c>
/// says what each tag does. Safe for use from several threads.
/// </summary>
public sealed class StandInImages : IImageStore
{
    private readonly ConcurrentDictionary<string, LocalImage> _added = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LocalImage> _found = new(StringComparer.Ordinal);
    private readonly ImmutableDictionary<(string Repository, string Tag), ImageRecipe> _tagged;
    private readonly ImmutableDictionary<(string Repository, string Digest), ImageRecipe> _digested;
    private readonly string _workDirectory;

    private StandInImages(IReadOnlyCollection<ImageRecipe> recipes, string workDirectory)
    {
        _workDirectory = workDirectory;
        _tagged = recipes.ToImmutableDictionary(recipe => (recipe.Repository, recipe.Tag));
        // Several tags may name the same image.
        _digested = recipes.DistinctBy(recipe => (recipe.Repository, recipe.Content.Digest))
            .ToImmutableDictionary(recipe => (recipe.Repository, recipe.Content.Digest));
    }

    /// <summary>Reads the catalogue and computes every digest; files are written when an image is first asked for.</summary>
    public static StandInImages Create(StandInImageOptions options)
    {
        var catalog = ImageCatalog.Load(Path.Combine(options.SourceDirectory, "catalog.yaml"));
        var folder = Path.Combine(options.WorkDirectory, "images");
        Directory.CreateDirectory(folder);
        return new StandInImages(
            [
                .. ApplicationImages.From(catalog.FamilyAssistant, options),
                .. PgvectorImages.From(catalog.Pgvector, options),
            ],
            folder);
    }

    /// <summary>
    /// Makes a reference pullable, or every tag and digest of a repository when <paramref name="referencePrefix"/> has no tag.
    /// It wins over the catalogue; the longest prefix wins; adding again replaces.
    /// </summary>
    public void Add(string referencePrefix, LocalImage image) => _added[referencePrefix] = image;

    /// <summary>Takes back what <see cref="Add"/> added: from then on the reference cannot be pulled, or is the catalogue's again.</summary>
    public void Remove(string referencePrefix) => _added.TryRemove(referencePrefix, out _);

    /// <inheritdoc/>
    public LocalImage? Find(string reference)
    {
        var extra = _added.Where(entry => Covers(entry.Key, reference)).OrderByDescending(entry => entry.Key.Length).Select(entry => entry.Value).FirstOrDefault();
        return extra is not null ? extra with { Reference = reference } : FromCatalog(reference);
    }

    private LocalImage? FromCatalog(string reference)
    {
        var parsed = ImageReference.Parse(reference);
        var recipe = parsed.Digest is not null
            ? _digested.GetValueOrDefault((parsed.Repository, parsed.Digest))
            : _tagged.GetValueOrDefault((parsed.Repository, parsed.Tag!));
        return recipe is null ? null : _found.GetOrAdd(reference, key => recipe.Build(key, _workDirectory));
    }

    private static bool Covers(string prefix, string reference) =>
        reference.StartsWith(prefix, StringComparison.Ordinal) && (reference.Length == prefix.Length || reference[prefix.Length] is ':' or '@');
}
