using System.Text.RegularExpressions;
using Shouldly;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>Runs of a script that are disturbed at points all over one that is not, the same ones every time, and at those that matter most.</summary>
/// <param name="World">Where it runs.</param>
/// <param name="Script">The script.</param>
/// <param name="Spread">At so many points all over it.</param>
/// <param name="Always">Beginnings of the points that matter most, as a regular expression.</param>
internal sealed record ScriptSweep(SetWorld World, string Script, int Spread, string Always)
{
    /// <summary>The sweep.</summary>
    /// <param name="disturb">What happens while a run halts at the chosen point; after it the run has ended.</param>
    /// <param name="after">Done after each run.</param>
    public async Task RunAsync(Func<ToolPod, Stops, Task> disturb, Func<Task> after)
    {
        var stops = new Stops(World);
        var total = await RunAsync("");
        total.Length.ShouldBeGreaterThan(Spread);
        var random = new Random(4);
        var spread = Enumerable.Range(0, Spread).Select(part => (int)((part + random.NextDouble()) * total.Length / Spread));
        foreach (var point in spread.Concat(Enumerable.Range(0, total.Length).Where(point => Regex.IsMatch(total[point], $"^({Always})"))).Distinct().Order().ToArray())
        {
            await RunAsync($"{point}");
        }

        async Task<string[]> RunAsync(string choice)
        {
            stops.Choose(choice);
            await using var pod = World.Start(Script, [.. stops.Variables, (Reconciliation.Sets.ToolEnvironment.ReplaceData, "true")]);
            var halted = await stops.HaltedAsync(pod);
            var points = stops.Points;
            try
            {
                await (halted ? disturb(pod, stops) : pod.LogAsync());
                await after();
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"disturbed at point {choice} ({points.LastOrDefault()})", error);
            }

            return points;
        }
    }
}
