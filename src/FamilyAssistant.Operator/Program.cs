using FamilyAssistant.Operator;
using FamilyAssistant.Operator.Options;
using FamilyAssistant.Operator.Runtime.Hosting;
using Microsoft.Extensions.Hosting;

if (args is ["--version"])
{
    Console.WriteLine(OperatorHost.Version);
    return 0;
}

if (args.Length > 0)
{
    await Console.Error.WriteLineAsync($"Unknown argument {args[0]}. Settings come from environment variables; see docs/install.md. The only argument is --version.");
    return ExitCodes.Usage;
}

OperatorOptions options;
try
{
    options = OperatorOptions.Read(Environment.GetEnvironmentVariable);
}
catch (FormatException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return ExitCodes.Usage;
}

try
{
    using var host = OperatorHost.Build(options);
    await host.RunAsync();
    return Environment.ExitCode;
}
#pragma warning disable CA1031 // A start that fails (no cluster, a port in use) is told in one line, not as a crash with a dump of memory.
catch (Exception error)
#pragma warning restore CA1031
{
    await Console.Error.WriteLineAsync($"The operator cannot run: {error.Message}");
    return ExitCodes.Broken;
}
