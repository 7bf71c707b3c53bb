using FamilyAssistant.Operator.Reconciliation;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>Image of a running container, with its digest.</summary>
/// <param name="Reference">For example <c>ghcr.io/werdnum/family-assistant:20260222_031455@sha256:…</c>.</param>
/// <param name="Version">The tag, or the start of the digest.</param>
internal sealed record RunningImage(string Reference, string Version)
{
    private const string DigestMark = "@sha256:";
    private const int ShortDigest = 12;

    /// <summary>That of the first pod whose container runs; null while none does.</summary>
    public static RunningImage? Of(IEnumerable<V1Pod> pods)
    {
        foreach (var pod in pods)
        {
            var image = pod.Spec?.Containers?.FirstOrDefault(container => container.Name == AppContract.Container)?.Image;
            var status = pod.Status?.ContainerStatuses?.FirstOrDefault(container => container.Name == AppContract.Container);
            if (image is not null && status?.State?.Running is not null)
            {
                return New(image, status.ImageID ?? "");
            }
        }

        return null;
    }

    private static RunningImage New(string image, string imageId)
    {
        // Some runtimes report the identifier of the unpacked image, which no registry knows; only a repository digest can be pulled again.
        var at = imageId.LastIndexOf(DigestMark, StringComparison.Ordinal);
        var digest = at < 0 ? "" : imageId[at..];
        var reference = image.Contains(DigestMark, StringComparison.Ordinal) ? image : image + digest;
        return new RunningImage(reference, VersionOf(reference));
    }

    private static string VersionOf(string reference)
    {
        var at = reference.IndexOf(DigestMark, StringComparison.Ordinal);
        var name = at < 0 ? reference : reference[..at];
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/'))
        {
            return name[(colon + 1)..];
        }

        return at < 0 ? "latest" : reference[(at + 1)..Math.Min(reference.Length, at + DigestMark.Length + ShortDigest)];
    }
}
