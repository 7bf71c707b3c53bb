namespace FamilyAssistant.Operator.LocalCluster.Node.Volumes;

/// <summary>One file of a volume that is made of API objects.</summary>
/// <param name="Path">Path in the volume.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Mode">Permission bits.</param>
internal sealed record VolumeFile(string Path, byte[] Content, int Mode);

/// <summary>A volume cannot be set up now; the message is a kubelet's.</summary>
/// <param name="volume">Name of the volume in the pod; null when it only has to be waited for, about which nobody is told.</param>
/// <param name="message">For the event.</param>
internal sealed class VolumeException(string? volume, string message) : Exception(message)
{
    public string? Volume { get; } = volume;
}
