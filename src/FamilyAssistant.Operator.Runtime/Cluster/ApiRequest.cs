using System.Net;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>One request, small enough to be sent again.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="What">For messages: verb, kind and name. Never a body.</param>
/// <param name="Body">Body, or empty.</param>
/// <param name="ContentType">Its type.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path, string What, ReadOnlyMemory<byte> Body = default, string? ContentType = null)
{
    /// <summary>Whether the server's text about it may repeat what it holds: then only status and reason are passed on.</summary>
    public bool Confidential { get; init; }
}

/// <summary>An answer, whatever its status.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Body.</param>
/// <param name="RetryAfter">What the server asked for, or null.</param>
internal readonly record struct ApiAnswer(HttpStatusCode Status, byte[] Body, TimeSpan? RetryAfter)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;
}
