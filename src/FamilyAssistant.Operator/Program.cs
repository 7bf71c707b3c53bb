using FamilyAssistant.Operator;
using FamilyAssistant.Operator.Options;
using Microsoft.Extensions.Hosting;

if (args is ["--version"])
{
    Console.WriteLine(OperatorHost.Version);
    return 0;
}

if (args.Length > 0)
{
    await Console.Error.WriteLineAsync($"Unknown argument {args[0]}. Settings come from environment variables; see docs/install.md. The only argument is --version.");
    return 64;
}

OperatorOptions options;
try
{
    options = OperatorOptions.Read(Environment.GetEnvironmentVariable);
}
catch (FormatException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 64;
}

using var host = OperatorHost.Build(options);
await host.RunAsync();
return Environment.ExitCode;
