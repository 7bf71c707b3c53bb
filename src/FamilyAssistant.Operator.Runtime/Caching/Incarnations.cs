namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>
/// UIDs that went or are going. A UID never returns, so an answer or event about one that is gone is always late. Bounded: what is older than the
/// last thousand ends cannot still be on its way. Not thread-safe.
/// </summary>
internal sealed class Incarnations
{
    private const int Kept = 1024;
    private readonly HashSet<string> _gone = [];
    private readonly Queue<string> _order = new();
    private readonly HashSet<string> _terminating = [];

    public bool IsGone(string uid) => _gone.Contains(uid);

    public bool IsTerminating(string uid) => _terminating.Contains(uid);

    public void MarkTerminating(string uid)
    {
        if (!_gone.Contains(uid))
        {
            _terminating.Add(uid);
        }
    }

    /// <summary>Forgets that one is going: its object is not kept any more.</summary>
    public void Unmark(string uid) => _terminating.Remove(uid);

    /// <summary>Forgets everything: the server's history is another one, where what went may be there.</summary>
    public void Clear()
    {
        _gone.Clear();
        _order.Clear();
        _terminating.Clear();
    }

    public void MarkGone(string uid)
    {
        _terminating.Remove(uid);
        if (_gone.Add(uid))
        {
            _order.Enqueue(uid);
            if (_order.Count > Kept)
            {
                _gone.Remove(_order.Dequeue());
            }
        }
    }
}
