using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using FamilyAssistant.Operator.LocalCluster.Images;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>Gets images from the cluster's registry; what was pulled once is on the node.</summary>
internal sealed partial class ImagePuller(IImageStore registry)
{
    private readonly ConcurrentDictionary<string, LocalImage> _present = new(StringComparer.Ordinal);

    /// <exception cref="ImagePullException">There is no such image, or none may be pulled.</exception>
    public PulledImage Pull(string reference, string? policy)
    {
        if (!Reference().IsMatch(reference))
        {
            throw new ImagePullException("InvalidImageName", $"Failed to apply default image tag \"{reference}\": couldn't parse image reference \"{reference}\": invalid reference format", null);
        }

        if ((policy ?? DefaultPolicy(reference)) is not "Always" and var kind)
        {
            if (_present.TryGetValue(reference, out var present))
            {
                return new PulledImage(present, WasPresent: true);
            }

            if (kind == "Never")
            {
                throw new ImagePullException("ErrImageNeverPull", $"Container image \"{reference}\" is not present with pull policy of Never", null);
            }
        }

        var image = registry.Find(reference) ?? throw new ImagePullException(
            "ErrImagePull",
            $"rpc error: code = NotFound desc = failed to pull and unpack image \"{reference}\": failed to resolve reference \"{reference}\": {reference}: not found",
            $"Back-off pulling image \"{reference}\"");
        _present[reference] = image;
        return new PulledImage(image, WasPresent: false);
    }

    private static string DefaultPolicy(string reference) => ImageReference.Parse(reference).Tag == "latest" ? "Always" : "IfNotPresent";

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9._/-]|:[0-9]+/)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$")]
    private static partial Regex Reference();
}

/// <summary>An image on the node.</summary>
internal sealed record PulledImage(LocalImage Image, bool WasPresent)
{
    /// <summary>As container statuses name it: repository and digest.</summary>
    public string Id => $"{ImageReference.Parse(Image.Reference).Repository}@{Image.Digest}";
}

/// <summary>An image cannot be had; the reason is the one of a waiting container.</summary>
/// <param name="reason">CamelCase.</param>
/// <param name="message">Words of a container runtime.</param>
/// <param name="backOffMessage">Words while the next attempt is waited for; null: the reason stays.</param>
internal sealed class ImagePullException(string reason, string message, string? backOffMessage) : Exception(message)
{
    public string Reason { get; } = reason;

    public string? BackOffMessage { get; } = backOffMessage;
}
