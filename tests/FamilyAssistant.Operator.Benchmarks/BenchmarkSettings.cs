using System.Globalization;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;

namespace FamilyAssistant.Operator.Benchmarks;

/// <summary>What is measured, from environment variables: <c>make bench N=1000</c>.</summary>
internal sealed record BenchmarkSettings
{
    /// <summary><c>N</c>: instances, 1 to 5000. Default 200.</summary>
    public required int Instances { get; init; }

    /// <summary><c>PER_NAMESPACE</c>: how many of them share a namespace, from 1. Default 20.</summary>
    public required int PerNamespace { get; init; }

    /// <summary><c>SAMPLES</c>: changes of a spec that are measured, from 1; half as many deletions. Default 200.</summary>
    public required int Samples { get; init; }

    /// <summary><c>FLAVOURS</c>: the builds, <c>aot</c> and <c>jit</c> with a comma between them. Default both.</summary>
    public required IReadOnlyList<OperatorFlavour> Flavours { get; init; }

    /// <summary>Reads the variables; <see cref="FormatException"/> names the one that is wrong.</summary>
    public static BenchmarkSettings Read(Func<string, string?> variable)
    {
        return new BenchmarkSettings
        {
            Instances = Number("N", 200, 5000),
            PerNamespace = Number("PER_NAMESPACE", 20, 5000),
            Samples = Number("SAMPLES", 200, 10_000),
            Flavours = [.. (Text("FLAVOURS") ?? "aot,jit").Split(',').Select(Flavour).Distinct()],
        };

        string? Text(string name) => variable(name) is { Length: > 0 } value ? value : null;

        int Number(string name, int otherwise, int most) => Text(name) is not { } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
            : throw new FormatException($"{name} must be a number from 1 to {most}.");
    }

    private static OperatorFlavour Flavour(string text) => text switch
    {
        "aot" => OperatorFlavour.Aot,
        "jit" => OperatorFlavour.Jit,
        _ => throw new FormatException("FLAVOURS must be aot, jit or aot,jit."),
    };
}
