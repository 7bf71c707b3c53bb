namespace FamilyAssistant.Operator.Api.Schema;

/// <summary>Regular expressions of the schema. They keep to what RE2 and .NET read alike: explicit ASCII classes instead of <c>\s</c> and <c>\w</c>, and <c>$</c> only at the end.</summary>
public static class Patterns
{
    /// <summary>Name of an instance: it is also the name of a Service, hence an RFC 1035 label.</summary>
    public const string InstanceName = "^[a-z]([-a-z0-9]*[a-z0-9])?$";

    /// <summary>Name of an operation, a backup or a restore: an RFC 1123 label.</summary>
    public const string ProcedureName = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    /// <summary>Name of a Kubernetes object (RFC 1123 subdomain), at most 253 characters.</summary>
    public const string ObjectName = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    /// <summary>Key of a Secret or ConfigMap.</summary>
    public const string DataKey = "^[-._a-zA-Z0-9]+$";

    /// <summary>Name of an environment variable.</summary>
    public const string EnvironmentName = "^[A-Za-z_][A-Za-z0-9_]*$";

    /// <summary>Host name of an ingress: lower-case labels, at least two, no wildcard, no IP address.</summary>
    public const string HostName = "^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$";

    /// <summary>Host of a database server: a DNS name in lower case or an IPv4 address; never a list, a socket directory or a connection string. One spelling only, because rules compare it.</summary>
    public const string DatabaseHost = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$";

    /// <summary>Unquoted PostgreSQL identifier; anything else could be read as a connection string by client tools.</summary>
    public const string SqlIdentifier = "^[a-z_][a-z0-9_]*$";

    /// <summary>Positive quantity of storage with its unit, for example <c>20Gi</c>; nothing below a megabyte.</summary>
    public const string StorageQuantity = "^[1-9][0-9]{0,11}(\\.[0-9]{1,3})?(Mi|Gi|Ti|Pi|M|G|T|P)$";

    /// <summary>Quantity of a resource, for example <c>500m</c> or <c>256Mi</c>.</summary>
    public const string ResourceQuantity = "^[0-9]{1,12}(\\.[0-9]{1,3})?(m|Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$";

    /// <summary>Image reference with an explicit tag or digest: <c>registry/name:tag</c>, <c>name@sha256:…</c>.</summary>
    public const string Image = "^[a-zA-Z0-9][-a-zA-Z0-9.]*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$";

    /// <summary>IANA time zone name, for example <c>Australia/Sydney</c>.</summary>
    public const string TimeZone = "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$";

    /// <summary>Time in the form of RFC 3339, in capitals, with whole seconds or a fraction of them.</summary>
    public const string Time = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[-+]([01][0-9]|2[0-3]):[0-5][0-9])$";

    /// <summary>A whole number of seconds, minutes, hours or days, for example <c>90m</c>. At most 273 years, which the control plane, in nanoseconds, and a calendar can still add to a time.</summary>
    public const string Duration = "^[1-9][0-9]{0,4}(s|m|h|d)$";

    /// <summary>A schedule of five fields as in cron, or one of its short forms. No seconds, no <c>TZ=</c>, no <c>@every</c>; whether it ever fires is found out later.</summary>
    public const string Cron = "^(@(hourly|daily|midnight|weekly|monthly|yearly|annually)|[-0-9A-Za-z*/,?#]+( [-0-9A-Za-z*/,?#]+){4})$";

    /// <summary>Id of a backup set: when it was asked for (UTC) and eight characters of its backup's UID. Nothing in it can leave a folder.</summary>
    public const string SetId = "^[0-9]{8}t[0-9]{6}z-[0-9a-f]{8}$";

    /// <summary>Label value of Kubernetes.</summary>
    public const string LabelValue = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";

    /// <summary>Absolute path of an HTTP route, never the root alone and without <c>.</c> or <c>..</c> segments: it limits what an ingress lets through.</summary>
    public const string HttpPath = "^(/[-A-Za-z0-9_~][-A-Za-z0-9._~]*)+$";

    /// <summary>Address of a web site: scheme, host, optional port and path.</summary>
    public const string WebAddress = "^https?://[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?(/[-A-Za-z0-9._~%/]*)?$";

    /// <summary>Name of a model: printable ASCII without blanks.</summary>
    public const string ModelName = "^[!-~]+$";

    /// <summary>Display name of a person; a comma or a colon would break the application's <c>CHAT_ID_TO_NAME_MAP</c>.</summary>
    public const string PersonName = "^[^,:\\x00-\\x1f\\x7f]+$";
}
