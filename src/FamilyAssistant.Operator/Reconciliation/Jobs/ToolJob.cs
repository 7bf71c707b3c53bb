using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Reconciliation.Jobs;

/// <summary>
/// What a Job of a backup or a restore runs and sees; <see cref="ToManifest"/> makes the Job of it. Nothing that somebody wrote into an object is part of a command: whatever varies is a
/// variable, a reference or a mounted file. Pure.
/// </summary>
internal sealed record ToolJob
{
    /// <summary>Name of the one container.</summary>
    public const string Container = "tool";

    /// <summary>User and group of the application: its files are on the data volume, and what a restore writes there must be its own.</summary>
    private const int User = 1001;

    /// <summary>From the signal to the end: the tools end within a second or two, and what they have not finished is thrown away anyway.</summary>
    private const int GraceSeconds = 10;

    /// <summary>Name, from <see cref="ObjectNames.ProcedureJob"/>; its input has the same.</summary>
    public required string Name { get; init; }

    /// <summary>The backup or restore that it works for, and with which it goes.</summary>
    public required ClusterObject Owner { get; init; }

    /// <summary>Name of the instance.</summary>
    public required string Instance { get; init; }

    /// <summary>Image, from <see cref="ToolImages"/> or the instance's own.</summary>
    public required string Image { get; init; }

    /// <summary>What runs; <see cref="Script"/> for one of <see cref="ToolScripts"/>.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Variables, from <see cref="Value"/>, <see cref="SecretValue"/> and <see cref="DatabaseEndpoint.Variables"/>.</summary>
    public IReadOnlyList<V1EnvVar> Variables { get; init; } = [];

    /// <summary>The set volume; null: none.</summary>
    public VolumeUse? Sets { get; init; }

    /// <summary>The data volume; null: none.</summary>
    public VolumeUse? Data { get; init; }

    /// <summary>Whether its input is mounted: a Secret of the Job's own name.</summary>
    public bool HasInput { get; init; }

    /// <summary>The passphrase; null: none.</summary>
    public PassphraseReference? Passphrase { get; init; }

    /// <summary>
    /// Whether it has to run on the node of the application's pod, because the data volume can be attached to one node only. Without such a pod it runs on any.
    /// </summary>
    public bool NearApplication { get; init; }

    /// <summary>Whether the root of the container's file system stays read-only; the application's image may need it otherwise.</summary>
    public bool ReadOnlyRoot { get; init; } = true;

    /// <summary>How long it may run, in whole seconds and at least one.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>The instance's spec, for what its pods need to be scheduled and pulled; null where there is no instance.</summary>
    public InstanceSpec? Spec { get; init; }

    /// <summary>A constant script as a command.</summary>
    /// <remarks>A kubelet replaces <c>$(NAME)</c> and <c>$$</c> in commands; a doubled dollar reaches the program as one, so the script arrives as it is written.</remarks>
    public static IReadOnlyList<string> Script(string script) => ["bash", "-c", script.Replace("$", "$$", StringComparison.Ordinal)];

    /// <summary>A variable with a value.</summary>
    public static V1EnvVar Value(string name, string value) => new() { Name = name, Value = value };

    /// <summary>A variable from a key of a Secret.</summary>
    public static V1EnvVar SecretValue(string name, string secret, string key) =>
        new() { Name = name, ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = secret, Key = key } } };

    /// <summary>The Job.</summary>
    public Manifest ToManifest() => ManifestOf.Model(
        ResourceTypes.Job,
        new V1Job
        {
            Metadata = Metadata(),
            Spec = new V1JobSpec
            {
                // A second try is another Job with another name, and the decision of whoever reads the result of the first.
                BackoffLimit = 0,
                Completions = 1,
                Parallelism = 1,
                PodReplacementPolicy = "Failed",
                ActiveDeadlineSeconds = Math.Max(1, (long)Deadline.TotalSeconds),
                Template = new V1PodTemplateSpec { Metadata = new V1ObjectMeta { Labels = Labels() }, Spec = Pod() },
            },
        });

    /// <summary>Its input: a Secret of the same name and owner.</summary>
    public Manifest Input(IReadOnlyDictionary<string, byte[]> files) => ManifestOf.Model(
        ResourceTypes.Secret,
        new V1Secret { Metadata = Metadata(), Type = "Opaque", Data = files.ToDictionary() });

    private V1ObjectMeta Metadata() => new()
    {
        Name = Name,
        NamespaceProperty = Owner.Key.Namespace,
        Labels = Labels(),
        OwnerReferences =
        [
            new V1OwnerReference { ApiVersion = Owner.Type.ApiVersion, Kind = Owner.Type.Kind, Name = Owner.Key.Name, Uid = Owner.Uid, Controller = true },
        ],
    };

    private Dictionary<string, string> Labels()
    {
        var labels = Components.Labels(Instance, Components.Backup);
        labels[WireNames.ProcedureLabel] = Owner.Key.Name;
        return labels;
    }

    private V1PodSpec Pod() => new()
    {
        RestartPolicy = "Never",
        AutomountServiceAccountToken = false,
        EnableServiceLinks = false,
        TerminationGracePeriodSeconds = GraceSeconds,
        ImagePullSecrets = Spec?.ImagePullSecrets?.Select(secret => new V1LocalObjectReference { Name = secret.Name }).ToList(),
        NodeSelector = Spec?.Pod?.NodeSelector?.ToDictionary(),
        Tolerations = Spec?.Pod?.Tolerations?.ToList(),
        Affinity = NearApplication ? SameNode() : null,
        SecurityContext = new V1PodSecurityContext
        {
            RunAsNonRoot = true,
            RunAsUser = User,
            RunAsGroup = User,
            FsGroup = User,
            FsGroupChangePolicy = "OnRootMismatch",
            SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
        },
        Containers =
        [
            new V1Container
            {
                Name = Container,
                Image = Image,
                Command = [.. Command],
                Env = [.. Variables],
                Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("50m"), ["memory"] = new("128Mi") } },
                TerminationMessagePolicy = "File",
                SecurityContext = new V1SecurityContext { AllowPrivilegeEscalation = false, ReadOnlyRootFilesystem = ReadOnlyRoot, Capabilities = new V1Capabilities { Drop = ["ALL"] } },
                VolumeMounts = [.. Volumes().Select(volume => volume.Mount)],
            },
        ],
        Volumes = [.. Volumes().Select(volume => volume.Volume)],
    };

    /// <summary>
    /// Where a pod of the application is. The Job's own pods are named too: the scheduler lets the first pod that matches its own rule go anywhere, so a stopped instance, or one whose pod
    /// goes away at this moment, holds nothing up.
    /// </summary>
    private V1Affinity SameNode() => new()
    {
        PodAffinity = new V1PodAffinity
        {
            RequiredDuringSchedulingIgnoredDuringExecution =
            [
                new V1PodAffinityTerm
                {
                    TopologyKey = "kubernetes.io/hostname",
                    LabelSelector = new V1LabelSelector
                    {
                        MatchLabels = new Dictionary<string, string> { [WireNames.InstanceLabel] = Instance },
                        MatchExpressions = [new V1LabelSelectorRequirement { Key = WireNames.ComponentLabel, OperatorProperty = "In", Values = [Components.App, Components.Backup] }],
                    },
                },
            ],
        },
    };

    private IEnumerable<(V1Volume Volume, V1VolumeMount Mount)> Volumes()
    {
        if (Sets is { } sets)
        {
            yield return Claim("sets", ToolEnvironment.SetMount, sets);
        }

        if (Data is { } data)
        {
            yield return Claim("data", ToolEnvironment.DataMount, data);
        }

        if (HasInput)
        {
            yield return Secret("input", ToolEnvironment.InputMount, new V1SecretVolumeSource { SecretName = Name });
        }

        if (Passphrase is { } passphrase)
        {
            yield return Secret(
                "passphrase",
                ToolEnvironment.PassphraseMount,
                new V1SecretVolumeSource { SecretName = passphrase.Name, Items = [new V1KeyToPath { Key = passphrase.Key, Path = ToolEnvironment.PassphraseFile }] });
        }

        yield return Empty("scratch", ToolEnvironment.ScratchMount);
        yield return Empty("tmp", "/tmp");
    }

    private static (V1Volume Volume, V1VolumeMount Mount) Claim(string name, string path, VolumeUse use) => (
        new V1Volume { Name = name, PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = use.Claim } },
        new V1VolumeMount { Name = name, MountPath = path, ReadOnlyProperty = use.ReadOnly ? true : null });

    private static (V1Volume Volume, V1VolumeMount Mount) Secret(string name, string path, V1SecretVolumeSource source) => (
        new V1Volume { Name = name, Secret = source },
        new V1VolumeMount { Name = name, MountPath = path, ReadOnlyProperty = true });

    private static (V1Volume Volume, V1VolumeMount Mount) Empty(string name, string path) => (
        new V1Volume { Name = name, EmptyDir = new V1EmptyDirVolumeSource() },
        new V1VolumeMount { Name = name, MountPath = path });
}

/// <summary>A claim that a Job mounts.</summary>
/// <param name="Claim">Name of the PersistentVolumeClaim.</param>
/// <param name="ReadOnly">Whether the Job only reads it.</param>
internal sealed record VolumeUse(string Claim, bool ReadOnly);
