using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>
/// A list of Telegram users as <c>ALLOWED_USER_IDS</c> holds it. The application ignores a list that it cannot parse, and without a list it serves everybody: so this reader is stricter than
/// any that the application may have, and what it accepts, it can write again in the one form that every reader understands.
/// </summary>
internal abstract record UserList
{
    /// <summary>Largest amount of an id: what JavaScript and JSON still hold exactly, and more than Telegram gives out.</summary>
    public const long MostId = 9007199254740991;

    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    private UserList()
    {
    }

    /// <summary>Nothing but blanks and line breaks.</summary>
    internal sealed record Empty : UserList;

    /// <summary>A list.</summary>
    /// <param name="Ids">The ids in their order, each once.</param>
    internal sealed record WellFormed(ImmutableArray<long> Ids) : UserList
    {
        /// <summary>The list as the application reads it: numbers and commas only.</summary>
        public string Text => string.Join(',', Ids.Select(static id => id.ToString(CultureInfo.InvariantCulture)));

        /// <summary>Whether both serve the same users, in whatever order.</summary>
        public bool HasSameUsersAs(WellFormed other) => Ids.Length == other.Ids.Length && Ids.All(other.Ids.Contains);
    }

    /// <summary>Something else.</summary>
    /// <param name="Fault">What is wrong with it, as the end of a sentence; never a value.</param>
    internal sealed record Malformed(string Fault) : UserList;

    /// <summary>Reads a list.</summary>
    public static UserList Parse(ReadOnlySpan<byte> value)
    {
        if (!System.Text.Unicode.Utf8.IsValid(value))
        {
            return new Malformed("is not text");
        }

        var text = Encoding.UTF8.GetString(value).Trim(Blanks);
        if (text.Length == 0)
        {
            return new Empty();
        }

        var ids = new List<long>();
        var seen = new HashSet<long>();
        var elements = text.Split(',');
        for (var index = 0; index < elements.Length; index++)
        {
            if (FaultOf(elements[index].Trim(Blanks), out var id) is { } fault)
            {
                var place = elements.Length == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" at element {index + 1} of {elements.Length}");
                return new Malformed($"is not a comma-separated list of whole numbers:{place} it {fault}");
            }

            if (seen.Add(id))
            {
                ids.Add(id);
            }
        }

        return new WellFormed([.. ids]);
    }

    private static string? FaultOf(ReadOnlySpan<char> element, out long id)
    {
        id = 0;
        if (element.IsEmpty)
        {
            return "has nothing between two commas, or a comma at an end";
        }

        var digits = element[0] is '-' or '+' ? element[1..] : element;
        if (digits.IsEmpty || digits.IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            return "has something that is not a number";
        }

        return long.TryParse(element, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id) && id is >= -MostId and <= MostId
            ? null
            : "has a number that no Telegram user can have";
    }
}
