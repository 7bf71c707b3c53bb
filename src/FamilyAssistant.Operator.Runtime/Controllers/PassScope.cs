using System.Collections;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Controllers;

/// <summary>What every log line of a pass carries: kind, object and the number of the pass.</summary>
internal sealed class PassScope(string kind, ObjectKey key, long pass) : IReadOnlyList<KeyValuePair<string, object>>
{
    public int Count => 4;

    public KeyValuePair<string, object> this[int index] => index switch
    {
        0 => new("Kind", kind),
        1 => new("Namespace", key.Namespace),
        2 => new("Name", key.Name),
        3 => new("Pass", pass),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{kind} {key} pass {pass}";
}
