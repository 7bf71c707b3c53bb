using System.Text.RegularExpressions;

namespace FamilyAssistant.Operator.Tests.Architecture;

/// <summary>Where the members of the types of a file begin and end.</summary>
internal static partial class Members
{
    /// <summary>First line and number of lines of each member: from its declaration to its closing brace or semicolon.</summary>
    public static IEnumerable<(int Line, int Lines)> Of(string code)
    {
        var open = new Stack<bool>();
        var header = 0;
        for (var at = 0; at < code.Length; at++)
        {
            var inType = open.Count == 0 || open.Peek();
            switch (code[at])
            {
                case '{':
                    open.Push(inType && TypeHeader().IsMatch(code[header..at]));
                    header = open.Peek() ? at + 1 : header;
                    break;
                case '}' when open.Count > 0:
                    var type = open.Pop();
                    if (!type && (open.Count == 0 || open.Peek()))
                    {
                        yield return Span(code, header, at);
                    }

                    header = type || open.Count == 0 || open.Peek() ? at + 1 : header;
                    break;
                case ';' when inType:
                    yield return Span(code, header, at);
                    header = at + 1;
                    break;
            }
        }
    }

    private static (int Line, int Lines) Span(string code, int header, int end)
    {
        var start = header;
        while (start < end && char.IsWhiteSpace(code[start]))
        {
            start++;
        }

        return (code.AsSpan(0, start).Count('\n') + 1, code.AsSpan(start, end - start).Count('\n') + 1);
    }

    [GeneratedRegex(@"\b(class|record|struct|interface|enum|namespace|extension)\b(?![^{]*=>)")]
    private static partial Regex TypeHeader();
}
