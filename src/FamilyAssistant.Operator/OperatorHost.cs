using System.Net;
using System.Reflection;
using FamilyAssistant.Operator.Adapters;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Concerns.Health;
using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Concerns.Secrets;
using FamilyAssistant.Operator.Concerns.Storage;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Options;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Connection;
using FamilyAssistant.Operator.Runtime.Events;
using FamilyAssistant.Operator.Runtime.Hosting;
using FamilyAssistant.Operator.Runtime.Leadership;
using FamilyAssistant.Operator.Runtime.Owned;
using Microsoft.Extensions.Hosting;

namespace FamilyAssistant.Operator;

/// <summary>Puts the process together; the list of concerns is visible here.</summary>
internal static class OperatorHost
{
    private const string LeaseName = "family-assistant-operator";

    /// <summary>Version of the operator.</summary>
    public static string Version { get; } =
        typeof(OperatorHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>The process, ready to run.</summary>
    public static IHost Build(OperatorOptions options)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services
            .AddRuntimeLogging(options.LogLevel)
            .AddClusterRuntime(Runtime(options))
            .AddInstanceController(options.Workers, options.Namespace)
            .AddProcedures()
            .AddOperationController()
            .AddBackupController()
            .AddRestoreController()
            .AddMonitors(new MonitorOptions
            {
                AllowLoopback = options.AllowLoopbackDatabases,
                ApiServer = ApiServer(),
                WatchNamespaces = options.WatchNamespaces,
                TelegramLogInterval = options.TelegramLogInterval,
            })
            .AddSecretsConcern()
            .AddStorageConcern()
            .AddDatabaseConcern(options.Namespace)
            .AddTelegramConcern(new TelegramOptions(options.Namespace, options.ShowClaimHolders))
            .AddWorkloadConcern()
            .AddBackupsConcern(new ToolImages(options.BackupImage))
            .AddHealthConcern()
            .AddRestoresConcern();
        return builder.Build();
    }

    private static RuntimeOptions Runtime(OperatorOptions options) => new()
    {
        Connection = new ConnectionOptions { UserAgent = $"{WireNames.FieldManager}/{Version}" },
        Api = new ClusterApiOptions { FieldManager = WireNames.FieldManager, StatusFieldManager = WireNames.StatusFieldManager },
        Ownership = new OwnershipOptions(WireNames.AppliedAnnotation, WireNames.InstanceLabel, WireNames.ManagedByLabel, WireNames.ManagedByValue),
        Events = new EventOptions(WireNames.ControllerName, options.Identity),
        Leadership = new LeaderOptions { Enabled = options.LeaderElection, Namespace = options.Namespace, LeaseName = LeaseName, Identity = options.Identity },
        Listen = options.ListenAddress,
        Namespaces = options.WatchNamespaces,
    };

    private static IPEndPoint? ApiServer() =>
        IPAddress.TryParse(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), out var address)
        && int.TryParse(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"), out var port)
            ? new IPEndPoint(address, port)
            : null;
}
