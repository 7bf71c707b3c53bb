using System.Text;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary><c>$(VAR)</c> in values, commands and arguments; <c>$$</c> is a dollar sign, and a name that is not known stays as it is.</summary>
internal static class Expansion
{
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var next = at + 1 < text.Length ? text[at + 1] : '\0';
            if (text[at] != '$' || next is not ('$' or '('))
            {
                result.Append(text[at]);
                continue;
            }

            var end = next == '$' ? at + 1 : text.IndexOf(')', at);
            if (end < 0)
            {
                // Never closed: not a reference.
                return result.Append(text.AsSpan(at)).ToString();
            }

            result.Append(next == '$' ? "$" : variables.GetValueOrDefault(text[(at + 2)..end]) ?? text[at..(end + 1)]);
            at = end;
        }

        return result.ToString();
    }
}
