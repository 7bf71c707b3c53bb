using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace FamilyAssistant.Operator.Options;

/// <summary>Settings of the process. They come from environment variables, because that is what a Deployment sets; a bad value ends the start with its name.</summary>
internal sealed partial record OperatorOptions
{
    private static readonly string[] LogLevels = ["Debug", "Information", "Warning", "Error"];

    /// <summary><c>WATCH_NAMESPACES</c>: comma-separated namespaces to look after; empty (default): all.</summary>
    public IReadOnlyList<string> WatchNamespaces { get; init; } = [];

    /// <summary><c>POD_NAMESPACE</c>: the operator's own namespace, where its Lease is. Default <c>family-assistant-system</c>.</summary>
    public string Namespace { get; init; } = "family-assistant-system";

    /// <summary><c>POD_NAME</c>: identity in the Lease and in events. Default: the machine's name and the process id.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary><c>LISTEN_ADDRESS</c>: address and port of <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>. Default <c>0.0.0.0:8080</c>.</summary>
    public IPEndPoint ListenAddress { get; init; } = new(IPAddress.Any, 8080);

    /// <summary><c>WORKERS</c>: instances worked on at the same time, 1 to 64. Default 4.</summary>
    public int Workers { get; init; } = 4;

    /// <summary><c>LEADER_ELECTION</c>: <c>true</c> (default) or <c>false</c>, for a single process on a developer's machine.</summary>
    public bool LeaderElection { get; init; } = true;

    /// <summary><c>ALLOW_LOOPBACK_DATABASES</c>: let instances name databases on loopback addresses. Default <c>false</c>: in a pod that would be the operator itself.</summary>
    public bool AllowLoopbackDatabases { get; init; }

    /// <summary>
    /// <c>TELEGRAM_LOG_INTERVAL</c>: time between two looks at the log of a pod that polls Telegram without trouble, a whole number of seconds, minutes or hours such as <c>90s</c>, <c>10m</c>
    /// (default) or <c>1h</c>; from ten seconds to a day. <c>0</c>: only after a start of the pod and while something seems wrong.
    /// </summary>
    public TimeSpan TelegramLogInterval { get; init; } = TimeSpan.FromMinutes(10);
    /// <summary><c>SHOW_CLAIM_HOLDERS</c>: name the instance that has a bot also to instances of other namespaces. Default <c>false</c>: a tenant is not told of another's namespace.</summary>
    public bool ShowClaimHolders { get; init; }

    /// <summary>
    /// <c>BACKUP_IMAGE</c>: image with the tools of PostgreSQL and pgvector, GnuPG and tar for backups of external databases, with <c>{major}</c> in the place of the server's major version.
    /// Default <c>pgvector/pgvector:pg{major}</c>. A managed database is backed up with its own image.
    /// </summary>
    public string BackupImage { get; init; } = "pgvector/pgvector:pg{major}";

    /// <summary><c>LOG_LEVEL</c>: <c>Debug</c>, <c>Information</c> (default), <c>Warning</c> or <c>Error</c>.</summary>
    public string LogLevel { get; init; } = "Information";

    /// <summary>Reads the settings; <see cref="FormatException"/> names the variable that is wrong and what it may be.</summary>
    public static OperatorOptions Read(Func<string, string?> variable)
    {
        var defaults = new OperatorOptions();
        return new OperatorOptions
        {
            WatchNamespaces = Text("WATCH_NAMESPACES") is { } namespaces ? Names(namespaces) : [],
            Namespace = Text("POD_NAMESPACE") ?? defaults.Namespace,
            Identity = Text("POD_NAME") ?? defaults.Identity,
            ListenAddress = Text("LISTEN_ADDRESS") is { } address
                ? IPEndPoint.TryParse(address, out var endpoint) && endpoint.Port > 0 ? endpoint : throw Bad("LISTEN_ADDRESS", "an IP address and a port, such as 0.0.0.0:8080")
                : defaults.ListenAddress,
            Workers = Text("WORKERS") is { } workers
                ? int.TryParse(workers, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 64 ? count : throw Bad("WORKERS", "a number from 1 to 64")
                : defaults.Workers,
            LeaderElection = Switch("LEADER_ELECTION", defaults.LeaderElection),
            AllowLoopbackDatabases = Switch("ALLOW_LOOPBACK_DATABASES", defaults.AllowLoopbackDatabases),
            TelegramLogInterval = Text("TELEGRAM_LOG_INTERVAL") is { } interval
                ? Duration(interval) ?? throw Bad("TELEGRAM_LOG_INTERVAL", "0, or a time from 10s to 24h such as 90s, 10m or 1h")
                : defaults.TelegramLogInterval,
            ShowClaimHolders = Switch("SHOW_CLAIM_HOLDERS", defaults.ShowClaimHolders),
            BackupImage = Text("BACKUP_IMAGE") is { } image
                ? ImageTemplate().IsMatch(image) ? image : throw Bad("BACKUP_IMAGE", "an image with {major} in the place of the major version, such as registry.example.com/pgvector:pg{major}")
                : defaults.BackupImage,
            LogLevel = Text("LOG_LEVEL") is { } level
                ? LogLevels.FirstOrDefault(known => string.Equals(known, level, StringComparison.OrdinalIgnoreCase))
                  ?? throw Bad("LOG_LEVEL", "Debug, Information, Warning or Error")
                : defaults.LogLevel,
        };

        string? Text(string name) => variable(name) is { Length: > 0 } value ? value : null;

        bool Switch(string name, bool otherwise) => Text(name) switch
        {
            null => otherwise,
            "true" => true,
            "false" => false,
            _ => throw Bad(name, "true or false"),
        };
    }

    /// <summary>A list without a name must not pass for "all": whoever set it meant to narrow.</summary>
    private static string[] Names(string list)
    {
        var names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 && names.All(name => NamespaceName().IsMatch(name)) ? names : throw Bad("WATCH_NAMESPACES", "names of namespaces, separated by commas");
    }

    /// <summary>Zero or a time within the bounds; null for anything else.</summary>
    private static TimeSpan? Duration(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        if (DurationForm().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var unit = match.Groups[2].ValueSpan switch { "s" => TimeSpan.FromSeconds(1), "m" => TimeSpan.FromMinutes(1), _ => TimeSpan.FromHours(1) };
        var time = unit * int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return time >= TimeSpan.FromSeconds(10) && time <= TimeSpan.FromDays(1) ? time : null;
    }

    [GeneratedRegex("^([0-9]{1,5})([smh])\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DurationForm();

    [GeneratedRegex("^[a-zA-Z0-9][-a-zA-Z0-9._:/]{0,255}\\{major\\}[-a-zA-Z0-9._:/@]{0,255}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ImageTemplate();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceName();

    private static FormatException Bad(string name, string expected) => new($"The environment variable {name} must be {expected}.");
}
