using System.Net;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>How a failed request should be answered.</summary>
public enum ErrorClass
{
    /// <summary>Transport, timeout, 401, 408, 429 or 5xx: try again with back-off.</summary>
    Transient,

    /// <summary>409: look again, now.</summary>
    Conflict,

    /// <summary>400, 413, 415, 422: the request is wrong; wait for a change of what it was made from.</summary>
    Invalid,

    /// <summary>403, 404, 405 and the rest: no retry mends it until somebody grants or installs something.</summary>
    Terminal,
}

/// <summary>A request that the API server did not fulfil. The message never holds a request body.</summary>
public sealed class ClusterApiException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ClusterApiException(ErrorClass errorClass, HttpStatusCode? status, string reason, string message, Exception? inner = null)
        : base(message, inner)
    {
        Class = errorClass;
        Status = status;
        Reason = reason;
    }

    /// <summary>How to answer it.</summary>
    public ErrorClass Class { get; }

    /// <summary>HTTP status, or null when no answer came.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary><c>reason</c> of the API server's Status object, or empty.</summary>
    public string Reason { get; }

    /// <summary>Whether nothing can be made because the namespace is going away.</summary>
    public bool IsNamespaceTerminating => Status == HttpStatusCode.Forbidden && Message.Contains("being terminated", StringComparison.Ordinal);
}
