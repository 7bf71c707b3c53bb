using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>
/// The pod of the application. Every word here is a contract: a change rolls every instance at the next upgrade of the operator, which a golden test forbids.
/// </summary>
internal static class PodTemplate
{
    private const int UserId = 1001;
    private const int GraceSeconds = 60;
    private const string DataVolume = "data";
    private const string ConfigVolume = "config";
    private const string PortName = "http";

    /// <summary>Renders it.</summary>
    public static V1PodTemplateSpec Of(WorkloadInputs inputs)
    {
        var environment = AppEnvironment.Of(inputs);
        var pod = inputs.Spec.Pod;
        return new V1PodTemplateSpec
        {
            Metadata = new V1ObjectMeta
            {
                Labels = Merge(pod?.Labels, WorkloadManifest.PodLabels(inputs.Key.Name)),
                Annotations = Merge(pod?.Annotations, new Dictionary<string, string> { [WireNames.ConfigHashAnnotation] = ConfigHash.Of(inputs, environment) }),
            },
            Spec = new V1PodSpec
            {
                ServiceAccountName = WorkloadManifest.ServiceAccountName(inputs),

                // The application has no business with the API server, and the names of other Services in the environment are none of its business either.
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                TerminationGracePeriodSeconds = GraceSeconds,
                SecurityContext = new V1PodSecurityContext
                {
                    RunAsNonRoot = true,
                    RunAsUser = UserId,
                    RunAsGroup = UserId,
                    FsGroup = UserId,
                    FsGroupChangePolicy = "OnRootMismatch",
                    SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
                },
                ImagePullSecrets = inputs.Spec.ImagePullSecrets?.Select(secret => new V1LocalObjectReference { Name = secret.Name }).ToList(),
                NodeSelector = pod?.NodeSelector?.ToDictionary(),
                Tolerations = pod?.Tolerations?.ToList(),
                Affinity = pod?.Affinity,
                PriorityClassName = pod?.PriorityClassName,
                Containers = [Container(inputs, environment)],
                Volumes = [.. Volumes(inputs)],
            },
        };
    }

    private static V1Container Container(WorkloadInputs inputs, IList<V1EnvVar> environment) => new()
    {
        Name = AppContract.Container,
        Image = inputs.Spec.Image,
        ImagePullPolicy = inputs.Spec.ImagePullPolicy.ToString(),
        Ports = [new V1ContainerPort { Name = PortName, ContainerPort = AppContract.Port, Protocol = "TCP" }],
        Env = environment,
        Resources = Resources(inputs.Spec.Pod?.Resources),

        // The root file system stays writable: MCP servers that the application starts (npx, uvx) install themselves below its home.
        SecurityContext = new V1SecurityContext
        {
            AllowPrivilegeEscalation = false,
            Capabilities = new V1Capabilities { Drop = ["ALL"] },
        },
        VolumeMounts = [.. Mounts(inputs)],
        StartupProbe = StartupProbe(),
        ReadinessProbe = HealthProbe(period: 5, failures: 3),
        LivenessProbe = HealthProbe(period: 20, failures: 3),
    };

    /// <summary>
    /// The application migrates its database before it listens, in one transaction: killed half-way it begins again from nothing, for ever. So the
    /// start has an hour, and only then the other probes count. It asks for the port alone, because /health may be 503 while a bad token is being refused,
    /// which is the liveness probe's to answer.
    /// </summary>
    private static V1Probe StartupProbe() => new()
    {
        TcpSocket = new V1TCPSocketAction { Port = AppContract.Port },
        PeriodSeconds = 2,
        TimeoutSeconds = 5,
        FailureThreshold = 1800,
    };

    private static V1Probe HealthProbe(int period, int failures) => new()
    {
        HttpGet = new V1HTTPGetAction { Path = "/health", Port = AppContract.Port, Scheme = "HTTP" },
        PeriodSeconds = period,
        TimeoutSeconds = 5,
        FailureThreshold = failures,
    };

    private static IEnumerable<V1VolumeMount> Mounts(WorkloadInputs inputs) =>
    [
        new() { Name = DataVolume, MountPath = AppEnvironment.DataPath },

        // One file each: the rest of the image's /app must stay visible.
        .. inputs.Files.Select(file => new V1VolumeMount { Name = ConfigVolume, MountPath = $"{AppEnvironment.ConfigPath}/{file}", SubPath = file, ReadOnlyProperty = true }),
    ];

    private static IEnumerable<V1Volume> Volumes(WorkloadInputs inputs)
    {
        yield return new V1Volume
        {
            Name = DataVolume,
            PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = inputs.Spec.Storage.ExistingClaim ?? ObjectNames.DataClaim(inputs.Key.Name) },
        };
        if (inputs.Files.Any())
        {
            yield return new V1Volume
            {
                Name = ConfigVolume,
                ConfigMap = new V1ConfigMapVolumeSource
                {
                    Name = inputs.Spec.ConfigRef!.Name,
                    Items = [.. inputs.Files.Select(file => new V1KeyToPath { Key = file, Path = file })],
                },
            };
        }
    }

    private static V1ResourceRequirements? Resources(ResourceSpec? resources) => resources is null ? null : new V1ResourceRequirements
    {
        Requests = Quantities(resources.Requests),
        Limits = Quantities(resources.Limits),
    };

    private static Dictionary<string, ResourceQuantity>? Quantities(IReadOnlyDictionary<string, string>? amounts) =>
        amounts?.ToDictionary(amount => amount.Key, amount => new ResourceQuantity(amount.Value));

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string>? theirs, Dictionary<string, string> ours)
    {
        foreach (var (key, value) in theirs ?? new Dictionary<string, string>())
        {
            ours.TryAdd(key, value);
        }

        return ours;
    }
}
