namespace FamilyAssistant.Operator.LocalCluster.Node;

/// <summary>The node's own log file, one line per entry. What an outage of the API server makes it say is nobody's business but a debugger's.</summary>
internal sealed class NodeLog(string file, TimeProvider clock) : IDisposable
{
    private readonly StreamWriter _writer = new(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    private readonly Lock _gate = new();
    private bool _closed;

    public void Write(string line)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _writer.WriteLine($"{clock.GetUtcNow():O} {line}");
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _writer.Dispose();
        }
    }
}
