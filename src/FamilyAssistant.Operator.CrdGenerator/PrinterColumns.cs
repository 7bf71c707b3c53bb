using System.Text.Json.Nodes;

namespace FamilyAssistant.Operator.CrdGenerator;

/// <summary>The table of <c>kubectl get fai</c>; the last two columns only with <c>-o wide</c>.</summary>
internal static class PrinterColumns
{
    public static JsonArray All() =>
    [
        Column("Ready", """.status.conditions[?(@.type=="Ready")].status""", "Whether the instance is as its spec says and serves its family."),
        Column("Status", ".status.phase", "What it does, in one word."),
        Column("Version", ".status.version", "Tag of the image that runs."),
        Column("Bot", ".status.telegram.botId", "Public id of the Telegram bot."),
        Column("Revision", ".status.database.revision", "Alembic revision of the database."),
        Column("Age", ".metadata.creationTimestamp", "Time since it was created.", "date"),
        Column("URL", ".status.url", "Where people reach the web interface.", priority: 1),
        Column("Message", """.status.conditions[?(@.type=="Ready")].message""", "What is so, and what to do about it.", priority: 1),
    ];

    private static JsonObject Column(string name, string path, string description, string type = "string", int priority = 0)
    {
        var column = new JsonObject { ["name"] = name, ["type"] = type, ["description"] = description, ["jsonPath"] = path };
        // The API server drops a priority of 0, which GitOps tools would show as a difference for ever.
        if (priority != 0)
            column["priority"] = priority;
        return column;
    }
}
