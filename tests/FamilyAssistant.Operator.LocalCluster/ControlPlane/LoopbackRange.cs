using System.Net;

namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>
/// One /16 of 127.0.0.0/8 for the Services of one cluster and one for its pods, reserved on this machine while the cluster lives: the node agent
/// listens on these addresses, and two clusters would otherwise both give out the same ones.
/// </summary>
public sealed class LoopbackRange : IDisposable
{
    private const int FirstSecondOctet = 96;
    private const int FirstPodOctet = FirstSecondOctet + Count;
    private const int Count = 32;
    private readonly FileStream _lock;

    private LoopbackRange(int slot, FileStream reservation)
    {
        Slot = slot;
        _lock = reservation;
    }

    /// <summary>Number of this cluster among the clusters of this machine, 0 to 31.</summary>
    public int Slot { get; }

    /// <summary>The range in CIDR notation, for example <c>127.96.0.0/16</c>.</summary>
    public string ServiceCidr => $"127.{FirstSecondOctet + Slot}.0.0/16";

    /// <summary>The first address of the range: the Service <c>kubernetes</c> gets it.</summary>
    public string KubernetesServiceAddress => $"127.{FirstSecondOctet + Slot}.0.1";

    /// <summary>The node's own address, outside the Services' range.</summary>
    public IPAddress NodeAddress => PodAddress(0);

    /// <summary>The addresses of pods: <paramref name="number"/> is from 1 to 65,000.</summary>
    public IPAddress PodAddress(int number) => new([127, (byte)(FirstPodOctet + Slot), (byte)((number + 1) >> 8), (byte)(number + 1)]);

    /// <summary>Reserves a free range.</summary>
    public static LoopbackRange Reserve()
    {
        var folder = Path.Combine(Path.GetTempPath(), "localcluster-ranges");
        Directory.CreateDirectory(folder);
        for (var slot = 0; slot < Count; slot++)
        {
            try
            {
                // The lock ends with the process, so a crash leaves no reservation behind.
                return new LoopbackRange(slot, new FileStream(Path.Combine(folder, $"{slot}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }

        throw new InvalidOperationException($"{Count} local clusters run on this machine already (locks in {folder})");
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
