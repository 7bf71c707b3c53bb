using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>The pod of the managed PostgreSQL.</summary>
internal static class ManagedDatabasePod
{
    /// <summary>The image's user <c>postgres</c>.</summary>
    private const int User = 999;

    private const string Mount = "/var/lib/postgresql/data";

    /// <summary>
    /// Asks over TCP at the pod's own address: while the image makes the database, a server without TCP runs on the Unix socket and must not pass for the real one.
    /// The script is constant; the address comes from the environment.
    /// </summary>
    private const string Ask = "pg_isready --quiet --timeout=3 --host=\"$POD_IP\" --port=5432 --username=family_assistant --dbname=family_assistant";

    /// <summary>pg_isready answers 1 for a server that is alive and rejects everybody: it recovers from a crash, and to kill it would start that again from zero.</summary>
    private const string AskWhetherAlive = Ask + " || [ $? -eq 1 ]";

    /// <summary>The template's spec.</summary>
    public static V1PodSpec Spec(string instance, InstanceSpec spec, ManagedDatabaseSpec database) => new()
    {
        ServiceAccountName = ObjectNames.ManagedDatabase(instance),
        AutomountServiceAccountToken = false,
        EnableServiceLinks = false,

        // A last checkpoint of a busy server takes its time; killed before that it has to recover.
        TerminationGracePeriodSeconds = 120,
        ImagePullSecrets = spec.ImagePullSecrets?.Select(secret => new V1LocalObjectReference { Name = secret.Name }).ToList(),
        SecurityContext = new V1PodSecurityContext
        {
            RunAsNonRoot = true,
            RunAsUser = User,
            RunAsGroup = User,
            FsGroup = User,
            FsGroupChangePolicy = "OnRootMismatch",
            SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
        },
        Containers = [Container(instance, database)],
        Volumes =
        [
            new V1Volume { Name = "data", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = ObjectNames.ManagedDatabaseClaim(instance) } },
            new V1Volume { Name = "run", EmptyDir = new V1EmptyDirVolumeSource() },
            new V1Volume { Name = "tmp", EmptyDir = new V1EmptyDirVolumeSource() },

            // Building a vector index in parallel needs more shared memory than the 64 MiB that a container has.
            new V1Volume { Name = "shm", EmptyDir = new V1EmptyDirVolumeSource { Medium = "Memory", SizeLimit = new ResourceQuantity("256Mi") } },
        ],
    };

    private static V1Container Container(string instance, ManagedDatabaseSpec database) => new()
    {
        Name = ManagedServer.Container,
        Image = database.Image,
        Ports = [new V1ContainerPort { Name = "postgres", ContainerPort = ManagedServer.Port, Protocol = "TCP" }],
        Env = Environment(instance),
        Resources = Resources(database.Resources),
        StartupProbe = Probe(Ask, period: 5, failures: 720),
        ReadinessProbe = Probe(Ask, period: 10, failures: 3),
        LivenessProbe = Probe(AskWhetherAlive, period: 20, failures: 6),
        SecurityContext = new V1SecurityContext
        {
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = true,
            Capabilities = new V1Capabilities { Drop = ["ALL"] },
        },
        VolumeMounts =
        [
            new V1VolumeMount { Name = "data", MountPath = Mount },
            new V1VolumeMount { Name = "run", MountPath = "/var/run/postgresql" },
            new V1VolumeMount { Name = "tmp", MountPath = "/tmp" },
            new V1VolumeMount { Name = "shm", MountPath = "/dev/shm" },
        ],
    };

    private static List<V1EnvVar> Environment(string instance) =>
    [
        new V1EnvVar { Name = "POSTGRES_USER", Value = ManagedServer.Role },
        new V1EnvVar { Name = "POSTGRES_DB", Value = ManagedServer.Database },
        new V1EnvVar
        {
            Name = "POSTGRES_PASSWORD",
            ValueFrom = new V1EnvVarSource
            {
                SecretKeyRef = new V1SecretKeySelector { Name = ObjectNames.ManagedDatabaseSecret(instance), Key = ManagedServer.PasswordKey },
            },
        },

        // A locale of the C library would make every later base image with another C library corrupt the text indexes.
        new V1EnvVar { Name = "POSTGRES_INITDB_ARGS", Value = "--data-checksums --encoding=UTF8 --locale=C.UTF-8" },

        // A folder of the volume, because a volume's root may hold lost+found, into which initdb does not go.
        new V1EnvVar { Name = "PGDATA", Value = Mount + "/pgdata" },
        new V1EnvVar { Name = "POD_IP", ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { ApiVersion = "v1", FieldPath = "status.podIP" } } },
    ];

    private static V1ResourceRequirements Resources(ResourceSpec? spec) => new()
    {
        Requests = Quantities(spec?.Requests) ?? new Dictionary<string, ResourceQuantity> { ["cpu"] = new("50m"), ["memory"] = new("256Mi") },
        Limits = Quantities(spec?.Limits),
    };

    private static Dictionary<string, ResourceQuantity>? Quantities(IReadOnlyDictionary<string, string>? amounts) =>
        amounts?.ToDictionary(amount => amount.Key, amount => new ResourceQuantity(amount.Value));

    private static V1Probe Probe(string script, int period, int failures) => new()
    {
        Exec = new V1ExecAction { Command = ["sh", "-c", script] },
        PeriodSeconds = period,
        TimeoutSeconds = 5,
        FailureThreshold = failures,
    };
}
