using System.Net;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>The one place that says what a failed request means.</summary>
internal static class ErrorClassifier
{
    private const int MaxMessage = 1024;

    /// <summary>Class of a status.</summary>
    public static ErrorClass Classify(HttpStatusCode status) => (int)status switch
    {
        401 or 408 or 429 or >= 500 => ErrorClass.Transient,
        409 => ErrorClass.Conflict,
        400 or 413 or 415 or 422 => ErrorClass.Invalid,
        _ => ErrorClass.Terminal,
    };

    /// <summary>The exception for an answer that is not a success.</summary>
    public static ClusterApiException ToException(ApiRequest request, ApiAnswer answer)
    {
        var status = StatusBody.Parse(answer.Body);
        var errorClass = StatusBody.IsUnknownField(answer) ? ErrorClass.Invalid : Classify(answer.Status);
        // The server repeats parts of a body that it cannot read; for a Secret only the field names are told.
        var detail = !request.Confidential ? status.Message
            : status.Fields.Count > 0 ? $"fields {string.Join(", ", status.Fields)}"
            : "";
        var message = $"{request.What}: {(int)answer.Status} {(status.Reason.Length > 0 ? status.Reason : answer.Status)}{(detail.Length > 0 ? $": {detail}" : "")}";
        return new ClusterApiException(errorClass, answer.Status, status.Reason, message.Length > MaxMessage ? message[..MaxMessage] + "…" : message);
    }

    /// <summary>The exception for a request without an answer. The inner exception is left out on purpose: handlers may attach requests to theirs.</summary>
    public static ClusterApiException ToException(ApiRequest request, Exception error) =>
        new(ErrorClass.Transient, null, "NoAnswer", $"{request.What}: {Describe(error)}");

    private static string Describe(Exception error)
    {
        var root = error.GetBaseException();
        return ReferenceEquals(root, error) ? error.Message : $"{error.Message} {root.Message}";
    }
}
