using System.Net;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;

namespace FamilyAssistant.Operator.LocalCluster.Node.Network;

/// <summary>Gives out addresses of pods. One that was freed comes last again: whoever still remembers it meets nobody, not a stranger.</summary>
internal sealed class PodAddresses(LoopbackRange range)
{
    private const int Count = 65_000;
    private readonly HashSet<int> _taken = [];
    private int _last;

    public (int Number, IPAddress Address) Take()
    {
        lock (_taken)
        {
            if (_taken.Count == Count)
            {
                throw new InvalidOperationException("every address of the range is taken");
            }

            do
            {
                _last = (_last % Count) + 1;
            }
            while (!_taken.Add(_last));

            return (_last, range.PodAddress(_last));
        }
    }

    public void Free(int number)
    {
        lock (_taken)
        {
            _taken.Remove(number);
        }
    }
}
