using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FamilyAssistant.Operator.CrdGenerator.Output;

/// <summary>Writes a JSON tree as block-style YAML, the same bytes on every machine.</summary>
internal static class YamlText
{
    public static string Write(JsonNode tree)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        // Descriptions stay on one line: a fold would move with every edited word.
        var emitter = new Emitter(text, EmitterSettings.Default.WithBestWidth(int.MaxValue));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, tree);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                emitter.Emit(new MappingStart(null, null, true, map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in map)
                {
                    emitter.Emit(Text(key));
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                emitter.Emit(new SequenceStart(null, null, true, list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in list)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                emitter.Emit(Text(value.GetValue<string>()));
                break;
            default:
                emitter.Emit(new Scalar(null, null, node!.ToJsonString(), ScalarStyle.Plain, true, false));
                break;
        }
    }

    private static Scalar Text(string text) => new(null, null, text, NeedsQuotes(text) ? ScalarStyle.SingleQuoted : ScalarStyle.Any, true, true);

    // The emitter quotes what is not YAML; this quotes what YAML 1.1 readers (kubectl among them) would take for another type.
    private static bool NeedsQuotes(string text) =>
        text.Length == 0 || char.IsAsciiDigit(text[0]) || "+-~^=*&!|>%@".Contains(text[0], StringComparison.Ordinal)
        || (text[0] == '.' && !(text.Length > 1 && char.IsAsciiLetter(text[1])))
        || text.ToUpperInvariant() is "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N" or "NULL";
}
