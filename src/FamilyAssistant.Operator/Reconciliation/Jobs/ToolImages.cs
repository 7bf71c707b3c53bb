using System.Globalization;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Reconciliation.Jobs;

/// <summary>Images with the tools of PostgreSQL. Those of a managed database are its own; for an external one they come from a template, by the major version of its server. Pure.</summary>
/// <param name="Template">Image with <c>{major}</c> in the place of the major version.</param>
internal sealed record ToolImages(string Template)
{
    /// <summary>The place of the major version in the template.</summary>
    public const string Placeholder = "{major}";

    /// <summary>For what needs no server at all.</summary>
    private const int AnyMajor = 17;

    /// <summary>The image for an instance's database; null while the version of an external server is not known.</summary>
    /// <param name="spec">Where the database is.</param>
    /// <param name="serverVersion">Version of its server, for example <c>17.6</c>, from the instance's status.</param>
    public string? Of(DatabaseSpec spec, string? serverVersion) =>
        spec.Managed is { } managed ? managed.Image : MajorOf(serverVersion) is { } major ? Of(major) : null;

    /// <summary>The image for a server of this major version.</summary>
    public string Of(int major) => Template.Replace(Placeholder, major.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>The image for work on files alone.</summary>
    public string Any(DatabaseSpec? spec) => spec?.Managed?.Image ?? Of(AnyMajor);

    /// <summary>Major version in <c>17.6</c>, <c>17.6 (Debian 17.6-1)</c> or <c>18beta1</c>; null when there is none.</summary>
    public static int? MajorOf(string? serverVersion)
    {
        var digits = serverVersion is null ? 0 : serverVersion.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : serverVersion.Length;
        return digits is > 0 and < 4 ? int.Parse(serverVersion.AsSpan(0, digits), CultureInfo.InvariantCulture) : null;
    }
}
