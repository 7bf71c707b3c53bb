using System.Text.Json;
using System.Text.Json.Nodes;

namespace FamilyAssistant.Operator.Benchmarks.Output;

/// <summary>The figures as JSON: the one place in which their names are made.</summary>
internal static class FigureNames
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>An object with a member for each figure and one, <c>details</c>, for their parts; numbers have at most two decimals.</summary>
    public static JsonObject ToJson(Figures figures)
    {
        var json = JsonSerializer.SerializeToNode(figures, Options)!.AsObject();
        Round(json);
        return json;
    }

    /// <summary>Text for a file.</summary>
    public static string Text(JsonNode json) => json.ToJsonString(Options) + "\n";

    private static void Round(JsonObject json)
    {
        foreach (var (name, value) in json.ToList())
        {
            if (value is JsonObject inner)
            {
                Round(inner);
            }
            else
            {
                json[name] = Math.Round(value!.GetValue<double>(), 2);
            }
        }
    }
}
