using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>Operators that nobody elected: each that runs believes to lead, and so does one that was frozen when it goes on.</summary>
internal sealed class SoakOperators(TestBed bed, int count) : IRunningOperator
{
    private readonly OperatorProcess?[] _running = new OperatorProcess?[count];
    private readonly OperatorProcess?[] _latest = new OperatorProcess?[count];
    private readonly List<string> _ends = [];

    /// <summary>Those that ended without being told to.</summary>
    public IReadOnlyList<string> UnexpectedEnds
    {
        get
        {
            for (var number = 0; number < count; number++)
            {
                if (_running[number] is { HasExited: true })
                {
                    _ends.Add($"operator {number} ended by itself");
                    _running[number] = null;
                }
            }

            return _ends;
        }
    }

    public async Task StartAsync(int number) => _latest[number] = _running[number] = await OperatorProcess.StartAsync(
        bed.Cluster, Identity(number), OperatorNames.Namespace, through: null, ("LEADER_ELECTION", "false"), ("LOG_LEVEL", "Debug"));

    public async Task KillAsync(int number)
    {
        _ = UnexpectedEnds;
        if (_running[number] is { } process)
        {
            _running[number] = null;
            process.Kill();
            await process.DisposeAsync();
        }
    }

    public void Freeze(int number) => _running[number]?.Freeze();

    public void Thaw(int number) => _running[number]?.Thaw();

    /// <summary>Lines of the logs of all of them, over all their lives, that no disturbance explains.</summary>
    public async Task<IReadOnlyList<string>> SurprisesAsync()
    {
        List<string> surprises = [];
        foreach (var latest in _latest.OfType<OperatorProcess>())
        {
            surprises.AddRange((await latest.LogTailAsync(int.MaxValue)).Split('\n').Where(IsSurprise));
        }

        return surprises;
    }

    /// <inheritdoc/>
    public async Task<string> LogTailAsync(int lines = 40)
    {
        List<string> tails = [];
        foreach (var latest in _latest.OfType<OperatorProcess>())
        {
            tails.Add(await latest.LogTailAsync(lines));
        }

        return string.Join('\n', tails);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        for (var number = 0; number < count; number++)
        {
            Thaw(number);
            if (_running[number] is { } process)
            {
                await process.DisposeAsync();
            }
        }
    }

    private static string Identity(int number) => $"soak-{number}";

    /// <summary>The log is one JSON object a line, of which only those above information name their level; anything else was written by a crash.</summary>
    private static bool IsSurprise(string line)
    {
        if (line.Length == 0)
        {
            return false;
        }

        try
        {
            return (string?)JsonNode.Parse(line)?["@l"] is "Error" or "Fatal";
        }
        catch (System.Text.Json.JsonException)
        {
            // The line that a killed process was writing is no surprise.
            return !line.StartsWith("{\"@t\"", StringComparison.Ordinal);
        }
    }
}
