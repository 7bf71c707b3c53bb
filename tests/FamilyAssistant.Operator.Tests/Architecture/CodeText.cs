namespace FamilyAssistant.Operator.Tests.Architecture;

/// <summary>
/// Blanks comments and the insides of literals in C# source, so that a test over source text sees code only. What stands in the holes of
/// an interpolated string is code and stays.
/// </summary>
internal static class CodeText
{
    public static string Blank(string source)
    {
        var scan = new Scan(source);
        scan.Code(0, stopAtBraces: 0);
        return new string(scan.Output);
    }

    private sealed class Scan(string source)
    {
        public char[] Output { get; } = [.. source.Select(c => c is '\n' or '\r' ? c : ' ')];

        /// <summary>Copies code from this position; ends behind as many closing braces as were asked for, or at the end of the text.</summary>
        public int Code(int at, int stopAtBraces)
        {
            var depth = 0;
            while (at < source.Length)
            {
                if (Skip(at) is { } after)
                {
                    at = after;
                    continue;
                }

                if (stopAtBraces > 0 && source[at] == '}' && depth-- == 0)
                {
                    return at + stopAtBraces;
                }

                depth += source[at] == '{' ? 1 : 0;
                Output[at] = source[at];
                at++;
            }

            return at;
        }

        private bool At(int at, string text) => string.CompareOrdinal(source, at, text, 0, text.Length) == 0;

        /// <summary>Position behind the comment or literal that begins here; null when none does.</summary>
        private int? Skip(int at)
        {
            if (At(at, "//"))
            {
                return Find("\n", at);
            }

            if (At(at, "/*"))
            {
                return Find("*/", at + 2) + 2;
            }

            if (source[at] == '\'')
            {
                return Escaped(at + 1, '\'');
            }

            var dollars = Run(at, '$');
            var verbatim = At(at + dollars, "@") ? 1 : 0;
            dollars += verbatim == 1 && dollars == 0 ? Run(at + 1, '$') : 0;
            var quote = at + dollars + verbatim;
            return Run(quote, '"') switch
            {
                0 => null,
                >= 3 and var raw => Raw(quote + raw, raw, dollars),
                _ when dollars > 0 => Interpolated(quote + 1, verbatim == 1),
                _ when verbatim == 1 => Verbatim(quote + 1),
                _ => Escaped(quote + 1, '"'),
            };
        }

        private int Run(int at, char c)
        {
            var end = at;
            while (end < source.Length && source[end] == c)
            {
                end++;
            }

            return end - at;
        }

        private int Find(string text, int at) => source.IndexOf(text, at, StringComparison.Ordinal) is >= 0 and var found ? found : source.Length;

        private int Escaped(int at, char end)
        {
            while (at < source.Length && source[at] != end)
            {
                at += source[at] == '\\' ? 2 : 1;
            }

            return at + 1;
        }

        private int Verbatim(int at)
        {
            while (at < source.Length && (source[at] != '"' || At(at, "\"\"")))
            {
                at += At(at, "\"\"") ? 2 : 1;
            }

            return at + 1;
        }

        private int Interpolated(int at, bool verbatim)
        {
            while (at < source.Length)
            {
                if (At(at, "{{") || At(at, "}}") || (verbatim && At(at, "\"\"")) || (!verbatim && source[at] == '\\'))
                {
                    at += 2;
                }
                else if (source[at] == '{')
                {
                    at = Code(at + 1, stopAtBraces: 1);
                }
                else if (source[at++] == '"')
                {
                    return at;
                }
            }

            return at;
        }

        private int Raw(int at, int quotes, int dollars)
        {
            while (at < source.Length)
            {
                if (Run(at, '"') >= quotes)
                {
                    return at + Run(at, '"');
                }

                var braces = dollars > 0 ? Run(at, '{') : 0;
                at = dollars > 0 && braces >= dollars ? Code(at + braces, stopAtBraces: dollars) : at + 1;
            }

            return at;
        }
    }
}
