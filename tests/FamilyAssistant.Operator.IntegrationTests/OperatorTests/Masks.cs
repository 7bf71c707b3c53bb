using System.Globalization;
using System.Text.RegularExpressions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Replaces in a text what is another in every run.</summary>
internal static partial class Masks
{
    /// <summary>The output of <c>kubectl describe</c>, without the managed fields, which differ between versions of kubectl.</summary>
    public static string Describe(string text, string ns, ExternalDatabase database)
    {
        var masked = ManagedFields().Replace(text.ReplaceLineEndings("\n"), "");
        masked = masked.Replace(ns, "NAMESPACE", StringComparison.Ordinal)
            .Replace(database.Name, "DATABASE", StringComparison.Ordinal)
            .Replace(database.Server.Port.ToString(CultureInfo.InvariantCulture), "PORT", StringComparison.Ordinal);
        masked = Time().Replace(masked, "TIME");
        masked = Uid().Replace(masked, "UID");
        masked = Digest().Replace(masked, "sha256:DIGEST");
        masked = ResourceVersion().Replace(masked, "$1 VERSION");
        masked = ServerVersion().Replace(masked, "$1VERSION");
        masked = Age().Replace(masked, "$1 AGE ");
        return string.Join('\n', masked.Split('\n').Select(line => line.TrimEnd()));
    }

    [GeneratedRegex(@"^  Managed Fields:\n(    .*\n)*", RegexOptions.Multiline)]
    private static partial Regex ManagedFields();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Time();

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uid();

    [GeneratedRegex(@"sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();

    [GeneratedRegex(@"(Resource Version:) +\d+")]
    private static partial Regex ResourceVersion();

    [GeneratedRegex(@"(PostgreSQL |Server Version: +)\d+(\.\d+)?[^\s,]*")]
    private static partial Regex ServerVersion();

    [GeneratedRegex(@"^(  (?:Normal|Warning) +\w+) +(?:\d+[smh]|<unknown>)\S*(?: \(x\d+ over \S+\))? +", RegexOptions.Multiline)]
    private static partial Regex Age();
}
