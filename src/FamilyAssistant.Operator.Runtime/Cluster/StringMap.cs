using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>A small immutable map: a hash table per label set would cost more memory than the labels of ten thousand objects.</summary>
internal sealed class StringMap(KeyValuePair<string, string>[] entries) : IReadOnlyDictionary<string, string>
{
    /// <summary>No entries.</summary>
    public static readonly StringMap Empty = new([]);

    public int Count => entries.Length;

    public IEnumerable<string> Keys => entries.Select(e => e.Key);

    public IEnumerable<string> Values => entries.Select(e => e.Value);

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"No entry '{key}'.");

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        foreach (var entry in entries)
        {
            if (string.Equals(entry.Key, key, StringComparison.Ordinal))
            {
                value = entry.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => entries.GetEnumerator();
}
