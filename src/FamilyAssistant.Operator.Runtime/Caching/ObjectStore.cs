using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>
/// The objects of one kind. Whatever arrives late, twice or out of order (events, lists, answers to own writes) leaves the newest state:
/// resourceVersions decide, and an incarnation that was seen to go never comes back.
/// </summary>
internal sealed class ObjectStore : IObjectCache
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, ClusterObject> _objects = [];
    private readonly ObjectIndex<string> _byNamespace = new(o => [o.Key.Namespace]);
    private readonly ObjectIndex<string> _byController = new(o => o.ControllerUid is { } uid ? [uid] : []);
    private readonly Dictionary<string, ObjectIndex<(string Namespace, string Value)>> _named = [];
    private readonly Dictionary<string, ObjectKey>? _byUid;
    private readonly Incarnations _incarnations = new();
    private readonly Action<ObjectChange> _changed;

    public ObjectStore(InformerOptions options, Action<ObjectChange> changed)
    {
        _changed = changed;
        _byUid = options.IndexUids ? [] : null;
        foreach (var (name, values) in options.Indexes)
        {
            _named[name] = new ObjectIndex<(string, string)>(o => ValuesOf(o, values).Select(v => (o.Key.Namespace, v)));
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _objects.Count;
            }
        }
    }

    /// <summary>Whether a namespace has any object.</summary>
    public bool HasAny(string @namespace)
    {
        lock (_gate)
        {
            return _byNamespace[@namespace].Count > 0;
        }
    }

    public ClusterObject? Get(ObjectKey key)
    {
        lock (_gate)
        {
            return _objects.GetValueOrDefault(key);
        }
    }

    public IReadOnlyList<ClusterObject> List(string @namespace)
    {
        lock (_gate)
        {
            return @namespace.Length == 0 ? [.. _objects.Values] : Resolve(_byNamespace[@namespace]);
        }
    }

    public IReadOnlyList<ClusterObject> List(string @namespace, string label, string value)
    {
        lock (_gate)
        {
            return _named.TryGetValue(label, out var index)
                ? Resolve(index[(@namespace, value)])
                : [.. Resolve(_byNamespace[@namespace]).Where(o => o.Labels.TryGetValue(label, out var v) && v == value)];
        }
    }

    public IReadOnlyList<ClusterObject> ListControlledBy(string ownerUid)
    {
        lock (_gate)
        {
            return Resolve(_byController[ownerUid]);
        }
    }

    /// <summary>Key of the object with this UID; needs <see cref="InformerOptions.IndexUids"/>.</summary>
    public ObjectKey? FindByUid(string uid)
    {
        lock (_gate)
        {
            return _byUid is not null && _byUid.TryGetValue(uid, out var key) ? key : null;
        }
    }

    public void Remember(ClusterObject written) => Put(written, fromServerStream: false);

    public void Forget(ClusterObject deleted)
    {
        ClusterObject? old;
        ClusterObject marked;
        lock (_gate)
        {
            if (!_objects.TryGetValue(deleted.Key, out old) || old.Uid != deleted.Uid || old.IsTerminating)
            {
                return;
            }

            // Finalizers and grace periods keep a deleted object for a while: it is terminating until its end is seen, never "not there".
            _incarnations.MarkTerminating(deleted.Uid);
            marked = old with { IsTerminating = true };
            _objects[old.Key] = marked;
        }

        _changed(new ObjectChange(old, marked));
    }

    /// <summary>Takes in an object of a list or a watch.</summary>
    public void Put(ClusterObject o) => Put(o, fromServerStream: true);

    /// <summary>Takes in a deletion event.</summary>
    public void Remove(ClusterObject gone)
    {
        ClusterObject? old;
        lock (_gate)
        {
            _incarnations.MarkGone(gone.Uid);
            if (!_objects.TryGetValue(gone.Key, out old) || (old.Uid != gone.Uid && !ResourceVersions.IsOlder(old.ResourceVersion, gone.ResourceVersion)))
            {
                return;
            }

            Drop(old);
        }

        _changed(new ObjectChange(old, null));
    }

    /// <summary>After a complete list: removes what the scope holds but the list did not, unless it is newer than the list.</summary>
    /// <param name="namespace">Scope of the list; empty for all.</param>
    /// <param name="listed">Keys of the list.</param>
    /// <param name="version">Its resourceVersion.</param>
    public void Prune(string @namespace, HashSet<ObjectKey> listed, string version)
    {
        var removed = new List<ClusterObject>();
        lock (_gate)
        {
            foreach (var o in List(@namespace))
            {
                if (!listed.Contains(o.Key) && !ResourceVersions.IsNewer(o.ResourceVersion, version))
                {
                    _incarnations.MarkGone(o.Uid);
                    Drop(o);
                    removed.Add(o);
                }
            }
        }

        foreach (var o in removed)
        {
            _changed(new ObjectChange(o, null));
        }
    }

    /// <summary>Takes a list for the only truth, whatever the versions say: the server's history is another one.</summary>
    /// <param name="namespace">Scope of the list; empty for all.</param>
    /// <param name="all">Everything in the scope.</param>
    public void Replace(string @namespace, IReadOnlyList<ClusterObject> all)
    {
        var changes = new Dictionary<ObjectKey, ObjectChange>();
        lock (_gate)
        {
            _incarnations.Clear();
            foreach (var o in List(@namespace))
            {
                Drop(o);
                changes[o.Key] = new ObjectChange(o, null);
            }

            foreach (var o in all)
            {
                Add(o);
                changes[o.Key] = new ObjectChange(changes.GetValueOrDefault(o.Key).Old, o);
            }
        }

        foreach (var change in changes.Values)
        {
            _changed(change);
        }
    }

    /// <summary>Forgets a namespace that is not followed any more, silently: nothing was deleted.</summary>
    public void Evict(string @namespace)
    {
        lock (_gate)
        {
            foreach (var o in List(@namespace))
            {
                _incarnations.Unmark(o.Uid);
                Drop(o);
            }
        }
    }

    private void Put(ClusterObject o, bool fromServerStream)
    {
        ClusterObject? old;
        lock (_gate)
        {
            if (_incarnations.IsGone(o.Uid))
            {
                return;
            }

            if (_objects.TryGetValue(o.Key, out old) && IsStale(o, old, fromServerStream))
            {
                return;
            }

            if (!o.IsTerminating && _incarnations.IsTerminating(o.Uid))
            {
                o = o with { IsTerminating = true };
            }

            if (old is not null)
            {
                Drop(old);
            }

            Add(o);
        }

        _changed(new ObjectChange(old, o));
    }

    private static IEnumerable<string> ValuesOf(ClusterObject o, Func<ClusterObject, IEnumerable<string>> values)
    {
        try
        {
            return [.. values(o)];
        }
#pragma warning disable CA1031 // One object that an index cannot read must not keep all others out of the cache; who reads it reports it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    private static bool IsStale(ClusterObject o, ClusterObject old, bool fromServerStream)
    {
        if (ResourceVersions.IsOlder(o.ResourceVersion, old.ResourceVersion))
        {
            return true;
        }

        // The echo of an own write, or a repeated list. A live read may fill in a stub of the same version, but never the reverse.
        return o.Uid == old.Uid && o.ResourceVersion == old.ResourceVersion
            && (fromServerStream ? !o.Json.IsEmpty == !old.Json.IsEmpty || o.Json.IsEmpty : !old.Json.IsEmpty || o.Json.IsEmpty);
    }

    private void Add(ClusterObject o)
    {
        _objects[o.Key] = o;
        _byNamespace.Add(o);
        _byController.Add(o);
        foreach (var index in _named.Values)
        {
            index.Add(o);
        }

        _byUid?[o.Uid] = o.Key;
    }

    private void Drop(ClusterObject o)
    {
        _objects.Remove(o.Key);
        _byNamespace.Remove(o);
        _byController.Remove(o);
        foreach (var index in _named.Values)
        {
            index.Remove(o);
        }

        _byUid?.Remove(o.Uid);
    }

    private List<ClusterObject> Resolve(IReadOnlyCollection<ObjectKey> keys)
    {
        var result = new List<ClusterObject>(keys.Count);
        foreach (var key in keys)
        {
            result.Add(_objects[key]);
        }

        return result;
    }
}
