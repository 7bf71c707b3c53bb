namespace FamilyAssistant.Operator.LocalCluster.Images;

/// <summary>A reference taken apart as a container engine does: repository, then a tag, a digest or both.</summary>
/// <param name="Repository">With its registry, without <c>docker.io/</c> and <c>library/</c>, which may be left out.</param>
/// <param name="Tag"><c>latest</c> when neither a tag nor a digest is given; null when only a digest is.</param>
/// <param name="Digest"><c>sha256:…</c> or null; it wins over the tag.</param>
internal sealed record ImageReference(string Repository, string? Tag, string? Digest)
{
    public static ImageReference Parse(string reference)
    {
        var (name, digest) = Split(reference, reference.IndexOf('@', StringComparison.Ordinal));
        // A colon before the last slash belongs to the registry's port.
        var colon = name.LastIndexOf(':');
        var (repository, tag) = Split(name, colon > name.LastIndexOf('/') ? colon : -1);
        foreach (var prefix in (string[])["docker.io/", "index.docker.io/", "library/"])
        {
            if (repository.StartsWith(prefix, StringComparison.Ordinal))
            {
                repository = repository[prefix.Length..];
            }
        }

        return new ImageReference(repository, tag ?? (digest is null ? "latest" : null), digest);
    }

    private static (string Before, string? After) Split(string text, int at) => at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
}
