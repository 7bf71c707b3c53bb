using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>The desired state of one instance. Every object it names lives in the instance's own namespace.</summary>
public sealed record InstanceSpec
{
    /// <summary>Image of the application with an explicit tag or digest, for example <c>ghcr.io/werdnum/family-assistant:20260222_031455</c>.</summary>
    [Schema(MinLength = 1, MaxLength = 512, Pattern = Patterns.Image)]
    public required string Image { get; init; }

    /// <summary>When the node pulls the image: <c>Always</c>, <c>IfNotPresent</c> (default) or <c>Never</c>.</summary>
    [Schema(Default = "\"IfNotPresent\"")]
    public ImagePullPolicy ImagePullPolicy { get; set; } = ImagePullPolicy.IfNotPresent;

    /// <summary>Secrets of type <c>kubernetes.io/dockerconfigjson</c> for a private registry.</summary>
    [Schema(MaxItems = 8, ListMapKeys = ["name"])]
    public IReadOnlyList<LocalReference>? ImagePullSecrets { get; init; }

    /// <summary>Number of application pods, at most 10. 0 stops the instance and keeps its data; more than 1 only without a Telegram token, because a bot has one poller. Default 1.</summary>
    [Schema(Minimum = 0, Maximum = 10, Default = "1")]
    public int Replicas { get; set; } = 1;

    /// <summary>Address under which people reach the web interface (<c>SERVER_URL</c>), for example <c>https://assistant.example.com</c>. Default: <c>https://</c> and <c>web.host</c>.</summary>
    [Schema(MaxLength = 512, Pattern = Patterns.WebAddress)]
    public string? ServerUrl { get; init; }

    /// <summary>IANA name of the family's time zone (<c>TIMEZONE</c>), for example <c>Australia/Sydney</c>. Default: the application's own.</summary>
    [Schema(MaxLength = 64, Pattern = Patterns.TimeZone)]
    public string? Timezone { get; init; }

    /// <summary>Secret whose keys become environment variables of the application: <c>TELEGRAM_BOT_TOKEN</c>, <c>OPENROUTER_API_KEY</c>, <c>CALDAV_PASSWORD</c> and so on. A changed key rolls the pod once.</summary>
    public LocalReference? SecretRef { get; init; }

    /// <summary>ConfigMap with the application's files: <c>config.yaml</c>, <c>prompts.yaml</c>, <c>mcp_config.json</c>, <c>logging.conf</c>; each is optional, other keys are ignored.</summary>
    public LocalReference? ConfigRef { get; init; }

    /// <summary>Further environment variables. Names that the operator owns (<c>DATABASE_URL</c>, <c>ALLOWED_USER_IDS</c>, …) are refused.</summary>
    [Schema(MaxItems = 128, ListMapKeys = ["name"])]
    public IReadOnlyList<EnvironmentVariable>? Env { get; init; }

    /// <summary>Who may talk to the bot.</summary>
    public TelegramSpec? Telegram { get; init; }

    /// <summary>Language and embedding models.</summary>
    public LlmSpec? Llm { get; init; }

    /// <summary>Debug output of the application, until a time.</summary>
    public DebugSpec? Debug { get; init; }

    /// <summary>The PostgreSQL database: exactly one of <c>external</c> and <c>managed</c>.</summary>
    public required DatabaseSpec Database { get; init; }

    /// <summary>The volume for documents and attachments.</summary>
    [Schema(Default = "{}")]
    public StorageSpec Storage { get; set; } = new();

    /// <summary>Backups: where they go, when they are made, how long they are kept; absent: none.</summary>
    public BackupPolicySpec? Backup { get; init; }

    /// <summary>Ingresses of the web interface and of the mail webhook; absent: no ingress.</summary>
    public WebSpec? Web { get; init; }

    /// <summary>NetworkPolicy of the application's pods. Default: enabled.</summary>
    [Schema(Default = "{}")]
    public NetworkPolicySpec? NetworkPolicy { get; init; }

    /// <summary>Scheduling, resources and metadata of the application's pod.</summary>
    public PodSpec? Pod { get; init; }

    /// <summary>What happens to the volumes (data, managed database; never the backups) when the instance is deleted: <c>Retain</c> (default) or <c>Delete</c>.</summary>
    [Schema(Default = "\"Retain\"")]
    public DeletionPolicy DeletionPolicy { get; set; } = DeletionPolicy.Retain;

    /// <summary>How many finished operations of this instance are kept, without those that a GitOps tool manages; the oldest are deleted first. Default 20, at most 1000.</summary>
    [Schema(Minimum = 0, Maximum = 1000, Default = "20")]
    public int OperationHistoryLimit { get; set; } = 20;
}
