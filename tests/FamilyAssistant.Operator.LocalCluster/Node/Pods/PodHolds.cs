using System.Collections.Concurrent;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>Pods that must not start for now, as on a node that is busy pulling their image.</summary>
internal sealed class PodHolds
{
    private readonly ConcurrentDictionary<Guid, Func<V1Pod, bool>> _holds = [];

    /// <summary>Whether a pod that has not started has to wait.</summary>
    public bool Keeps(V1Pod pod) => _holds.Values.Any(which => which(pod));

    /// <summary>Holds pods until the result is disposed, which calls <paramref name="released"/>.</summary>
    public IDisposable Add(Func<V1Pod, bool> which, Action released)
    {
        var id = Guid.NewGuid();
        _holds[id] = which;
        return new Hold(() =>
        {
            if (_holds.TryRemove(id, out _))
            {
                released();
            }
        });
    }

    private sealed class Hold(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
