using System.Collections.Concurrent;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>
/// Wakes instances that wait for another one to leave a database: no watch of theirs tells them when it does. Looking again costs no request.
/// </summary>
internal sealed class DatabaseWaiters : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<ObjectKey, byte> _waiting = new();
    private readonly IWorkSink _sink;
    private readonly ITimer _timer;

    /// <summary>Creates it.</summary>
    public DatabaseWaiters(IWorkSink sink, TimeProvider time)
    {
        _sink = sink;
        _timer = time.CreateTimer(static self => ((DatabaseWaiters)self!).Wake(), this, Interval, Interval);
    }

    /// <summary>Has the instance looked at again, once.</summary>
    public void Add(ObjectKey instance) => _waiting[instance] = 0;

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private void Wake()
    {
        foreach (var instance in _waiting.Keys)
        {
            if (_waiting.TryRemove(instance, out _))
            {
                _sink.Enqueue(instance);
            }
        }
    }
}
