using System.Text;
using System.Text.Json;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>Label keys, label values and namespaces repeat in every object of an instance; a direct-mapped table keeps one copy of the recent ones.</summary>
internal static class StringPool
{
    private const int Size = 4096;
    private const int MaxLength = 128;
    private static readonly string?[] Slots = new string?[Size];

    /// <summary>The string value at the reader, shared when it was seen recently.</summary>
    public static string Get(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.HasValueSequence || reader.ValueSpan.Length > MaxLength)
        {
            return reader.GetString()!;
        }

        Span<char> text = stackalloc char[MaxLength];
        var length = Encoding.UTF8.GetChars(reader.ValueSpan, text);
        var value = text[..length];
        var slot = (uint)string.GetHashCode(value) % Size;
        if (Volatile.Read(ref Slots[slot]) is { } known && value.SequenceEqual(known))
        {
            return known;
        }

        var made = new string(value);
        Volatile.Write(ref Slots[slot], made);
        return made;
    }
}
