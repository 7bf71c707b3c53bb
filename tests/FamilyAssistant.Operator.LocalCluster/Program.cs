using System.CommandLine;
using FamilyAssistant.Operator.LocalCluster.Cli;

var root = new RootCommand("A real Kubernetes control plane on this machine, without containers: for trying the operator, its tests and its benchmark.")
{
    UpCommand.Create(),
    DownCommand.Create(),
    StatusCommand.Create(),
    ProvisionCommand.Create(),
    DemoCommand.Create(),
    DrillCommand.Create(),
};

// On Ctrl-C a cluster stops in order; the default of two seconds would cut that short.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
