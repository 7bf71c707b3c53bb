using System.Buffers;
using System.Text.Json;
using FamilyAssistant.Operator.Api;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>Merge patches of <c>metadata.finalizers</c>. A merge patch replaces the whole list, so the others' entries are repeated; the precondition of the patch keeps them from being lost.</summary>
internal static class FinalizerPatch
{
    /// <summary>With ours.</summary>
    public static ReadOnlyMemory<byte> Add(IEnumerable<string> finalizers) => Write([.. finalizers.Where(name => name != WireNames.InstanceFinalizer), WireNames.InstanceFinalizer]);

    /// <summary>Without ours.</summary>
    public static ReadOnlyMemory<byte> Remove(IEnumerable<string> finalizers) => Write([.. finalizers.Where(name => name != WireNames.InstanceFinalizer)]);

    private static ReadOnlyMemory<byte> Write(ReadOnlySpan<string> finalizers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartObject("metadata"u8);
        writer.WriteStartArray("finalizers"u8);
        foreach (var finalizer in finalizers)
        {
            writer.WriteStringValue(finalizer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
