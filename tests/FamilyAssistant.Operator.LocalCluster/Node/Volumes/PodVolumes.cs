using FamilyAssistant.Operator.LocalCluster.Node.Pods;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Volumes;

/// <summary>The volumes of one pod as folders of this machine.</summary>
internal sealed class PodVolumes
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;
    private readonly Dictionary<string, string> _folders = [];
    private readonly string _folder;
    private readonly IClaimVolumes _claims;
    private readonly TimeProvider _clock;
    private readonly ServiceAccountTokens _tokens;
    private readonly VolumeFiles _files;

    public PodVolumes(string folder, IPodObjects objects, IClaimVolumes claims, TimeProvider clock)
    {
        _folder = folder;
        _claims = claims;
        _clock = clock;
        _tokens = new ServiceAccountTokens(objects, clock);
        _files = new VolumeFiles(objects, _tokens);
    }

    /// <summary>When files have to be written anew although nothing was changed: tokens run out.</summary>
    public DateTimeOffset? RefreshAt => _tokens.RenewAt;

    /// <summary>The folder of a volume that has been set up.</summary>
    public string this[string name] => _folders[name];

    /// <summary>Sets up what is not yet; may be repeated.</summary>
    /// <exception cref="VolumeException">The pod has to wait.</exception>
    public async Task PrepareAsync(V1Pod pod, PodIps addresses, CancellationToken cancellation)
    {
        foreach (var volume in (pod.Spec.Volumes ?? []).Where(volume => !_folders.ContainsKey(volume.Name)))
        {
            _folders[volume.Name] = await SetUpAsync(pod, volume, addresses, cancellation);
        }
    }

    /// <summary>Brings files of API objects up to date. What is missing now stays as it was.</summary>
    public async Task RefreshAsync(V1Pod pod, PodIps addresses, CancellationToken cancellation)
    {
        foreach (var volume in (pod.Spec.Volumes ?? []).Where(volume => _folders.ContainsKey(volume.Name)))
        {
            try
            {
                await WriteFilesAsync(pod, volume, addresses, cancellation);
            }
            catch (VolumeException)
            {
                // As a kubelet: a running pod keeps what it had.
            }
        }
    }

    private async Task<string> SetUpAsync(V1Pod pod, V1Volume volume, PodIps addresses, CancellationToken cancellation)
    {
        var security = pod.Spec.SecurityContext;
        switch (volume)
        {
            case { PersistentVolumeClaim: { } claim }:
                var bound = _claims.FolderOf(pod.Metadata.NamespaceProperty, claim.ClaimName)
                    ?? throw new VolumeException(null, $"persistentvolumeclaim \"{claim.ClaimName}\" is not bound");
                if (claim.ReadOnlyProperty != true)
                {
                    VolumeOwnership.Apply(bound, security?.FsGroup, security?.FsGroupChangePolicy);
                }

                return bound;
            case { EmptyDir: not null }:
                var empty = FolderOf(volume);
                Directory.CreateDirectory(empty);
                File.SetUnixFileMode(empty, Everybody);
                VolumeOwnership.Apply(empty, security?.FsGroup, policy: null);
                return empty;
            default:
                return await WriteFilesAsync(pod, volume, addresses, cancellation)
                    ? FolderOf(volume)
                    : throw new VolumeException(volume.Name, $"MountVolume.SetUp failed for volume \"{volume.Name}\" : this node does not have volumes of its kind");
        }
    }

    private async Task<bool> WriteFilesAsync(V1Pod pod, V1Volume volume, PodIps addresses, CancellationToken cancellation)
    {
        var files = await _files.OfAsync(pod, volume, addresses, cancellation);
        if (files is not null)
        {
            AtomicFolder.Write(FolderOf(volume), files, pod.Spec.SecurityContext?.FsGroup, _clock.GetUtcNow());
        }

        return files is not null;
    }

    private string FolderOf(V1Volume volume) => Path.Combine(_folder, volume.Name);
}
