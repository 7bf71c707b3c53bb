using System.CommandLine;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary><c>localcluster up</c>.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var name = ClusterState.NameOption();
        var foreground = new Option<bool>("--foreground") { Description = "Stay, and stop the cluster on Ctrl-C, instead of running it in the background." };
        var noNode = new Option<bool>("--no-node") { Description = "Without the node agent: pods stay Pending." };
        var noPostgres = new Option<bool>("--no-postgres") { Description = "Without the PostgreSQL outside the cluster." };
        var noTelegram = new Option<bool>("--no-telegram") { Description = "Without the stand-in for Telegram's Bot API." };
        var operatorImage = new Option<string?>("--operator-image") { Description = "Folder of a dotnet publish of the operator: the image that deploy/ names." };
        var command = new Command("up", "Start a cluster; its data is new each time.") { name, foreground, noNode, noPostgres, noTelegram, operatorImage };
        command.SetAction((result, cancellation) => Report.ErrorsAsync(() =>
        {
            var options = new LocalClusterOptions
            {
                DataDirectory = Path.Combine(ClusterState.Folder(result.GetRequiredValue(name)), "data"),
                NodeAgent = !result.GetValue(noNode),
                Postgres = !result.GetValue(noPostgres),
                Telegram = !result.GetValue(noTelegram),
                OperatorImage = result.GetValue(operatorImage) is { } folder ? Path.GetFullPath(folder) : null,
                Progress = Report.Progress,
            };
            return result.GetValue(foreground)
                ? Supervisor.RunAsync(result.GetRequiredValue(name), options, cancellation)
                : Supervisor.StartInBackgroundAsync(result.GetRequiredValue(name), options, cancellation);
        }));
        return command;
    }
}
