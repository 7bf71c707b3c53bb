using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>Keys of objects by a value that they carry. Not thread-safe: the store's lock covers it.</summary>
internal sealed class ObjectIndex<TValue>(Func<ClusterObject, IEnumerable<TValue>> values)
    where TValue : notnull
{
    private readonly Dictionary<TValue, HashSet<ObjectKey>> _keys = [];

    public void Add(ClusterObject o)
    {
        foreach (var value in values(o))
        {
            if (!_keys.TryGetValue(value, out var keys))
            {
                _keys[value] = keys = [];
            }

            keys.Add(o.Key);
        }
    }

    public void Remove(ClusterObject o)
    {
        foreach (var value in values(o))
        {
            if (_keys.TryGetValue(value, out var keys) && keys.Remove(o.Key) && keys.Count == 0)
            {
                _keys.Remove(value);
            }
        }
    }

    public IReadOnlyCollection<ObjectKey> this[TValue value] => _keys.TryGetValue(value, out var keys) ? keys : [];
}
