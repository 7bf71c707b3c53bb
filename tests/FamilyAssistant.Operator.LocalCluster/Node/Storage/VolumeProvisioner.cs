using System.Net;
using FamilyAssistant.Operator.LocalCluster.Node.Watching;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Storage;

/// <summary>
/// Folders as volumes, in the roles of an external provisioner and an external resizer: a volume for each claim that asks for one (the volume controller binds
/// them), a larger one when a claim grows, and away with it when its claim is gone and its policy is Delete. Sizes are promises, unless the class makes them limits.
/// </summary>
internal sealed class VolumeProvisioner : IAsyncDisposable
{
    private readonly IKubernetes _client;
    private readonly NodeWatches _watches;
    private readonly NodeEvents _events;
    private readonly string _folder;
    private readonly PassLoop _loop;

    public VolumeProvisioner(IKubernetes client, NodeWatches watches, NodeSettings settings, TimeProvider clock, Action<string> log)
    {
        _client = client;
        _watches = watches;
        _events = new NodeEvents(client, StorageClasses.Provisioner, clock);
        _folder = Path.Combine(settings.DataDirectory, "volumes");
        Directory.CreateDirectory(_folder);
        _loop = new PassLoop("volumes", PassAsync, log);
        watches.Claims.Changed += (_, _) => _loop.Wake();
        watches.Volumes.Changed += (_, _) => _loop.Wake();
        watches.Classes.Changed += (_, _) => _loop.Wake();
    }

    public void Start() => _loop.Start();

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        foreach (var folder in Directory.Exists(_folder) ? Directory.GetDirectories(_folder).Where(LimitedFolders.IsMounted) : [])
        {
            await LimitedFolders.UnmountAsync(folder);
        }
    }

    private async Task PassAsync(CancellationToken cancellation)
    {
        foreach (var claim in _watches.Claims.Items.ToList())
        {
            await UnlessItChangedAsync(() => ServeAsync(claim, cancellation));
        }

        foreach (var volume in _watches.Volumes.Items.Where(IsToBeDeleted).ToList())
        {
            await UnlessItChangedAsync(() => DeleteAsync(volume, cancellation));
        }
    }

    /// <summary>What is gone, there already or newer than the watch knows will be told by the watch.</summary>
    private static async Task UnlessItChangedAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
        }
    }

    private async Task ServeAsync(V1PersistentVolumeClaim claim, CancellationToken cancellation)
    {
        var storageClass = _watches.Classes.Find(null, claim.Spec.StorageClassName ?? "");
        if (VolumeObject.IsAsked(claim, storageClass) && _watches.Volumes.Find(null, VolumeObject.Name(claim)) is null)
        {
            await ProvisionAsync(claim, storageClass!, cancellation);
        }
        else if (claim.Status?.Phase == "Bound" && storageClass?.AllowVolumeExpansion == true && _watches.Volumes.Find(null, claim.Spec.VolumeName) is { } volume && VolumeObject.IsOurs(volume))
        {
            await ExpandAsync(claim, volume, storageClass, cancellation);
        }
    }

    private async Task ProvisionAsync(V1PersistentVolumeClaim claim, V1StorageClass storageClass, CancellationToken cancellation)
    {
        var folder = Path.Combine(_folder, VolumeObject.Name(claim));
        Directory.CreateDirectory(folder);
        if (StorageClasses.Limits(storageClass) && !LimitedFolders.IsMounted(folder))
        {
            await LimitedFolders.MountAsync(folder, claim.Spec.Resources.Requests["storage"].ToDecimal());
        }

        // Any user may write, as on a fresh volume of other local provisioners; narrower rights are the pod's fsGroup to ask for.
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        await _client.CoreV1.CreatePersistentVolumeAsync(VolumeObject.Build(claim, storageClass, folder), cancellationToken: cancellation);
        await _events.WriteAsync(claim, "Normal", "ProvisioningSucceeded", $"Successfully provisioned volume {VolumeObject.Name(claim)}", cancellation);
    }

    private async Task ExpandAsync(V1PersistentVolumeClaim claim, V1PersistentVolume volume, V1StorageClass storageClass, CancellationToken cancellation)
    {
        var asked = claim.Spec.Resources.Requests["storage"];
        if (claim.Status.Capacity?.TryGetValue("storage", out var has) != true || asked.ToDecimal() <= has!.ToDecimal())
        {
            return;
        }

        if (StorageClasses.Limits(storageClass))
        {
            await LimitedFolders.ResizeAsync(volume.Spec.HostPath.Path, asked.ToDecimal());
        }

        if (volume.Spec.Capacity["storage"].ToDecimal() < asked.ToDecimal())
        {
            var larger = new { spec = new { capacity = new { storage = asked.ToString() } } };
            await _client.CoreV1.PatchPersistentVolumeAsync(new V1Patch(larger, V1Patch.PatchType.MergePatch), volume.Metadata.Name, cancellationToken: cancellation);
        }

        // Conditions such as Resizing end with the resize.
        var status = new { status = new { capacity = new { storage = asked.ToString() }, conditions = Array.Empty<object>() } };
        await _client.CoreV1.PatchNamespacedPersistentVolumeClaimStatusAsync(
            new V1Patch(status, V1Patch.PatchType.MergePatch), claim.Metadata.Name, claim.Metadata.NamespaceProperty, cancellationToken: cancellation);
        await _events.WriteAsync(claim, "Normal", "VolumeResizeSuccessful", "Resize volume succeeded", cancellation);
    }

    private static bool IsToBeDeleted(V1PersistentVolume volume)
        => volume is { Status.Phase: "Released", Metadata.DeletionTimestamp: null } && volume.Spec.PersistentVolumeReclaimPolicy == "Delete" && VolumeObject.IsOurs(volume);

    private async Task DeleteAsync(V1PersistentVolume volume, CancellationToken cancellation)
    {
        // Only a folder that was made here: the path is in an object that others may write.
        var folder = Path.Combine(_folder, volume.Metadata.Name);
        if (LimitedFolders.IsMounted(folder))
        {
            await LimitedFolders.UnmountAsync(folder);
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await _client.CoreV1.DeletePersistentVolumeAsync(
            volume.Metadata.Name,
            new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = volume.Metadata.Uid } },
            cancellationToken: cancellation);
    }
}
