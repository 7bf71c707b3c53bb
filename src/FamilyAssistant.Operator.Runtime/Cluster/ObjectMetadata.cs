using System.Text.Json;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>The parts of <c>metadata</c> that a cache needs, collected while an object is read.</summary>
internal sealed class ObjectMetadata
{
    private string _namespace = "";
    private string? _name;
    private string? _uid;
    private string? _resourceVersion;
    private string? _controllerUid;
    private long _generation;
    private bool _terminating;
    private StringMap _labels = StringMap.Empty;

    public StringMap Annotations { get; set; } = StringMap.Empty;

    /// <summary>Looks at one member; the reader stands on its name and may be left anywhere inside it.</summary>
    public void Note(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("name"u8))
        {
            _name = Text(ref reader);
        }
        else if (reader.ValueTextEquals("namespace"u8))
        {
            reader.Read();
            _namespace = StringPool.Get(ref reader);
        }
        else if (reader.ValueTextEquals("uid"u8))
        {
            _uid = Text(ref reader);
        }
        else if (reader.ValueTextEquals("resourceVersion"u8))
        {
            _resourceVersion = Text(ref reader);
        }
        else if (reader.ValueTextEquals("generation"u8))
        {
            reader.Read();
            _generation = reader.TryGetInt64(out var generation) ? generation : throw new JsonException("The object's generation is no whole number.");
        }
        else if (reader.ValueTextEquals("deletionTimestamp"u8))
        {
            reader.Read();
            _terminating = reader.TokenType == JsonTokenType.String;
        }
        else if (reader.ValueTextEquals("labels"u8))
        {
            reader.Read();
            var entries = ReadMap(ref reader);
            _labels = entries.Length == 0 ? StringMap.Empty : new StringMap(entries);
        }
        else if (reader.ValueTextEquals("ownerReferences"u8))
        {
            reader.Read();
            _controllerUid = ReadController(ref reader);
        }
    }

    public ClusterObject ToObject(ResourceType type, byte[] json) => new()
    {
        Type = type,
        Key = new ObjectKey(_namespace, _name ?? throw new JsonException("The object has no name.")),
        Uid = _uid ?? throw new JsonException("The object has no UID."),
        ResourceVersion = _resourceVersion ?? throw new JsonException("The object has no resourceVersion."),
        Generation = _generation,
        IsTerminating = _terminating,
        ControllerUid = _controllerUid,
        Labels = _labels,
        Annotations = Annotations,
        Json = json,
    };

    /// <summary>A map of strings; the reader stands on its first token.</summary>
    public static KeyValuePair<string, string>[] ReadMap(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return [];
        }

        var entries = new List<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = StringPool.Get(ref reader);
            reader.Read();
            entries.Add(new(key, reader.TokenType == JsonTokenType.Null ? "" : StringPool.Get(ref reader)));
        }

        return [.. entries];
    }

    private static string? ReadController(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            string? uid = null;
            var controller = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isUid = reader.ValueTextEquals("uid"u8);
                var isController = reader.ValueTextEquals("controller"u8);
                reader.Read();
                uid = isUid ? StringPool.Get(ref reader) : uid;
                controller = isController ? reader.TokenType == JsonTokenType.True : controller;
                reader.Skip();
            }

            if (controller)
            {
                return uid;
            }
        }

        return null;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }
}
