using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.CrdGenerator.Definitions;

/// <summary>The definition of <see cref="FamilyAssistantInstance"/>.</summary>
internal static class InstanceDefinition
{
    public static KindDefinition Definition { get; } = new()
    {
        Kind = typeof(FamilyAssistantInstance),
        Name = FamilyAssistantInstance.KindName,
        Plural = FamilyAssistantInstance.Plural,
        ShortName = "fai",
        MaxNameLength = ObjectNames.MaxInstanceNameLength,
        NamePattern = Patterns.InstanceName,
        Rules = InstanceRules.All,
        Scale = new JsonObject
        {
            ["specReplicasPath"] = ".spec.replicas",
            ["statusReplicasPath"] = ".status.replicas",
            ["labelSelectorPath"] = ".status.selector",
        },
        Columns =
        [
            new("Ready", """.status.conditions[?(@.type=="Ready")].status""", "Whether the instance is as its spec says and serves its family."),
            new("Status", ".status.phase", "What it does, in one word."),
            new("Version", ".status.version", "Tag of the image that runs."),
            new("Bot", ".status.telegram.botId", "Public id of the Telegram bot."),
            new("Revision", ".status.database.revision", "Alembic revision of the database."),
            new("Last Backup", ".status.backup.lastSuccessful", "Time since the newest completed backup was finished.") { Type = "date" },
            PrinterColumn.Age,
            new("URL", ".status.url", "Where people reach the web interface.") { IsWide = true },
            new("Message", """.status.conditions[?(@.type=="Ready")].message""", "What is so, and what to do about it.") { IsWide = true },
        ],
    };
}
