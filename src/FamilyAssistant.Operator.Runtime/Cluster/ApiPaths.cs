using System.Text;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>Queries of requests.</summary>
internal static class ApiPaths
{
    /// <summary>Appends the parameters that have a value, escaped.</summary>
    public static string Query(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var result = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                result.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return result.ToString();
    }
}
