using System.Collections.Immutable;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Concerns.Health;
using FamilyAssistant.Operator.Concerns.Secrets;
using FamilyAssistant.Operator.Concerns.Storage;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>THE ORDER. What a closed gate stops is decided here and nowhere else.</summary>
internal sealed class InstancePipeline(SecretsStep secrets, StorageStep storage, DatabaseStep database, TelegramStep telegram, WorkloadStep workload, BackupsStep backups, HealthStep health)
{
    /// <summary>The stages of every pass.</summary>
    public ImmutableArray<Stage> Stages { get; } =
    [
        new(StageKind.Gate, secrets),   // nothing starts without its credentials, nor with a list of users that serves everybody
        new(StageKind.Gate, storage),   // a pod without its volume would write to nowhere
        new(StageKind.Gate, database),  // the application migrates at its start: it must meet the right database, and one that can hold it
        new(StageKind.Gate, telegram),  // no pod may have a token whose bot another instance polls; last before the workload, so that a bot is claimed only by who could start
        new(StageKind.Gate, workload),  // the only writer of the workload
        new(StageKind.Open, backups),   // a stopped instance, or one that waits for something, is backed up all the same, and a failed backup stops no bot
        new(StageKind.Always, health),  // observed even when a gate is closed: the pod of before may still serve
    ];

    /// <summary>The stages of a pass over an invalid spec: look, touch nothing.</summary>
    public ImmutableArray<Stage> ObserveOnly { get; } = [new(StageKind.Always, health)];
}
