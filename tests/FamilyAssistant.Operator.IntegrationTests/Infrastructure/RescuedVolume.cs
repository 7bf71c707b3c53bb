using FamilyAssistant.Operator.LocalCluster.Provisioning;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>What is left after a disaster: the disk with the sets of a lost namespace, which an administrator gives to another one.</summary>
public sealed class RescuedVolume : IAsyncDisposable
{
    /// <summary>The claim on it in the other namespace.</summary>
    public const string Claim = "rescued";

    private readonly TestBed _bed;
    private readonly string _namespace;
    private readonly DirectoryInfo _folder;

    private RescuedVolume(TestBed bed, string @namespace, DirectoryInfo folder)
    {
        _bed = bed;
        _namespace = @namespace;
        _folder = folder;
    }

    /// <summary>The folder behind it, to damage.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Takes a copy of the volume behind <see cref="TestBackup.Claim"/>: that one goes with its namespace.</summary>
    public static async Task<RescuedVolume> CreateAsync(TestBed bed, TestNamespace lost, TestNamespace to)
    {
        var sets = bed.Cluster.Node.VolumeFolder(lost.Name, TestBackup.Claim) ?? throw new InvalidOperationException($"the claim {TestBackup.Claim} of {lost} has no volume");
        var rescued = new RescuedVolume(bed, to.Name, Directory.CreateTempSubdirectory("rescued-"));
        (await CommandRunner.CaptureAsync("cp", ["-a", sets + "/.", rescued.Folder], cancellation: TestContext.Current.CancellationToken)).OutputOrThrow("cp");
        await bed.Cluster.Node.AdoptVolumeAsync(to.Name, Claim, rescued.Folder, cancellation: TestContext.Current.CancellationToken);
        return rescued;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _bed.Client.CoreV1.DeletePersistentVolumeAsync($"adopted-{_namespace}-{Claim}");
        _folder.Delete(recursive: true);
    }
}
