using System.Globalization;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;

namespace FamilyAssistant.Operator.Benchmarks.Output;

/// <summary>Table and file. The native build is what is shipped: its figures are the main ones, where it was measured.</summary>
internal static class Report
{
    /// <summary>The content of <c>artifacts/bench.json</c>.</summary>
    public static JsonObject Json(IReadOnlyDictionary<OperatorFlavour, Figures> measured, JsonObject machine)
    {
        var main = measured.Keys.Max();
        var json = FigureNames.ToJson(measured[main]);
        json["flavour"] = Name(main);
        json["targets"] = new JsonArray([.. Targets.Of(measured[main]).Select(target => new JsonObject { ["figure"] = target.Figure, ["target"] = target.Text, ["met"] = target.Met })]);
        json["machine"] = machine;
        foreach (var (flavour, figures) in measured.Where(entry => entry.Key != main))
        {
            json[Name(flavour)] = FigureNames.ToJson(figures);
        }

        return json;
    }

    /// <summary>A line for each figure: its value for each build, its target, and whether that is met.</summary>
    public static IEnumerable<string> Table(IReadOnlyDictionary<OperatorFlavour, Figures> measured)
    {
        var flavours = measured.Keys.OrderDescending().ToList();
        var columns = flavours.ToDictionary(flavour => flavour, flavour => FigureNames.ToJson(measured[flavour]));
        var targets = Targets.Of(measured[flavours[0]]).ToDictionary(target => target.Figure);
        yield return Line("", flavours.Select(Name), $"target ({Name(flavours[0])})", "");
        foreach (var name in columns[flavours[0]].Select(figure => figure.Key).Where(name => name != "details"))
        {
            var target = targets.GetValueOrDefault(name);
            var values = flavours.Select(flavour => columns[flavour][name]!.GetValue<double>().ToString("0.##", CultureInfo.InvariantCulture));
            yield return Line(name, values, target?.Text ?? "", target is null ? "" : target.Met ? "met" : "NOT MET");
        }
    }

    private static string Name(OperatorFlavour flavour) => flavour.ToString().ToLowerInvariant();

    private static string Line(string name, IEnumerable<string> values, string target, string verdict) =>
        $"{name,-27}{string.Concat(values.Select(value => $"{value,10}"))}  {verdict,-8} {target}".TrimEnd();
}
