using System.CommandLine;
using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Provisioning;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary><c>localcluster provision</c>: everything that the first <c>up</c> would fetch, build or install, ahead of time (for an image of a build machine).</summary>
internal static class ProvisionCommand
{
    public static Command Create()
    {
        var command = new Command("provision", "Fetch or build the control plane and install missing packages, without starting anything.");
        command.SetAction((_, cancellation) => Report.ErrorsAsync(() => RunAsync(cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var provisioner = new Provisioner(Report.Progress);
        await provisioner.PodToolsAsync(cancellation);
        await StandInTools.EnsureAsync(Report.Progress, cancellation);
        var binaries = await provisioner.ControlPlaneAsync(cancellation);
        Console.WriteLine($"control plane: {binaries.Source}");
        return 0;
    }
}
