using System.Collections.Concurrent;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>Passes that were asked for, in their order.</summary>
internal sealed class FakeWork : IWorkSink
{
    public ConcurrentQueue<ObjectKey> Asked { get; } = new();

    public void Enqueue(ObjectKey key) => Asked.Enqueue(key);
}
