using System.Globalization;
using System.Text.Json;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>Lists one scope page by page into the store and removes what is not in it any more.</summary>
internal sealed partial class ScopeLister(
    InformerOptions options, string @namespace, ObjectStore store, ApiTransport transport, RuntimeMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PageTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Lists everything.</summary>
    /// <param name="lastVersion">Version up to which the scope was known, or empty.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>The version of the list.</returns>
    public async Task<string> ListAsync(string lastVersion, CancellationToken ct)
    {
        var listed = new HashSet<ObjectKey>();
        var complete = true;
        var (version, token) = ("", "");
        do
        {
            var page = await PageAsync(token, listed, lastVersion, () => complete = false, ct);
            (version, token) = (page.ResourceVersion, page.Continue);
        }
        while (token.Length > 0);

        if (complete)
        {
            store.Prune(@namespace, listed, IsOtherHistory(version, lastVersion) ? null : version);
        }

        return version;
    }

    /// <summary>The object as the cache shall keep it.</summary>
    public ClusterObject Retained(ClusterObject o) => options.Retain is { } retain && !retain(o)
        ? o with { Json = default, Labels = StringMap.Empty, Annotations = StringMap.Empty }
        : o;

    /// <summary>A complete read is never older than what was watched, unless the server's store was set back.</summary>
    private static bool IsOtherHistory(string version, string lastVersion) => ResourceVersions.IsOlder(version, lastVersion);

    private async Task<ListPage> PageAsync(string token, HashSet<ObjectKey> listed, string lastVersion, Action incomplete, CancellationToken ct)
    {
        var request = new ApiRequest(HttpMethod.Get, PagePath(token), $"list {options.Type.Kind} in '{@namespace}'");
        using var limit = new CancellationTokenSource(PageTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        ApiAnswer answer;
        try
        {
            answer = await transport.SendAsync(request, both.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"{request.What}: no answer within {PageTimeout}");
        }

        if (!answer.IsSuccess)
        {
            throw new IOException(ErrorClassifier.ToException(request, answer).Message);
        }

        try
        {
            return ListPage.Read(answer.Body, json => Take(json, listed, lastVersion, incomplete));
        }
        catch (JsonException)
        {
            throw new IOException($"{request.What}: the answer could not be read");
        }
    }

    private void Take(ReadOnlySpan<byte> json, HashSet<ObjectKey> listed, string lastVersion, Action incomplete)
    {
        try
        {
            var o = ObjectReader.Read(json, options.Type);
            listed.Add(o.Key);
            store.Put(Retained(o));
        }
        catch (JsonException error)
        {
            // Its name is unknown, so nothing may be removed on the strength of this list.
            incomplete();
            metrics.InformerUndecodable.WithLabels(options.Type.Kind).Inc();
            LogUndecodable(options.Type.Kind, @namespace, lastVersion, error.Message);
        }
    }

    private string PagePath(string token) => ApiPaths.Query(
        options.Type.Path(@namespace),
        ("limit", options.PageSize.ToString(CultureInfo.InvariantCulture)),
        ("continue", token.Length > 0 ? token : null),
        ("labelSelector", options.LabelSelector),
        ("fieldSelector", options.FieldSelector));

    [LoggerMessage(2110, LogLevel.Error, "An item of the list of {Kind} in '{Namespace}' (after {Version}) could not be read: {Error}")]
    private partial void LogUndecodable(string kind, string @namespace, string version, string error);
}
