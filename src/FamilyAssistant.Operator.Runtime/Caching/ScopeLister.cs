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
        var (version, complete) = await ReadAsync(Take, ct);
        if (ResourceVersions.IsOlder(version, lastVersion))
        {
            // A complete read is never older than what was watched, unless the server's store was set back: then its versions prove nothing, and
            // what was seen to go may be there again.
            LogSetBack(options.Type.Kind, @namespace, lastVersion, version);
            var all = new List<ClusterObject>();
            (version, _) = await ReadAsync(all.Add, ct);
            store.Replace(@namespace, all);
        }
        else if (complete)
        {
            store.Prune(@namespace, listed, version);
        }

        return version;

        void Take(ClusterObject o)
        {
            listed.Add(o.Key);
            store.Put(o);
        }
    }

    /// <summary>The object as the cache shall keep it.</summary>
    public ClusterObject Retained(ClusterObject o) => options.Retain is { } retain && !retain(o)
        ? o with { Json = default, Labels = StringMap.Empty, Annotations = StringMap.Empty }
        : o;

    /// <summary>Complete is false when an item could not be read: its name is unknown, so nothing may be removed on the strength of the list.</summary>
    private async Task<(string Version, bool Complete)> ReadAsync(Action<ClusterObject> take, CancellationToken ct)
    {
        var complete = true;
        var (version, token) = ("", "");
        do
        {
            var request = new ApiRequest(HttpMethod.Get, PagePath(token), $"list {options.Type.Kind} in '{@namespace}'");
            var answer = await PageAsync(request, ct);
            try
            {
                (version, token) = ListPage.Read(answer.Body, TakeItem);
            }
            catch (JsonException)
            {
                throw new IOException($"{request.What}: the answer could not be read");
            }
        }
        while (token.Length > 0);
        return (version, complete);

        void TakeItem(ReadOnlySpan<byte> json)
        {
            try
            {
                take(Retained(ObjectReader.Read(json, options.Type)));
            }
            catch (JsonException error)
            {
                complete = false;
                metrics.InformerUndecodable.WithLabels(options.Type.Kind).Inc();
                LogUndecodable(options.Type.Kind, @namespace, error.Message);
            }
        }
    }

    private async Task<ApiAnswer> PageAsync(ApiRequest request, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(PageTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            var answer = await transport.SendAsync(request, both.Token);
            return answer.IsSuccess ? answer : throw ErrorClassifier.ToException(request, answer);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"{request.What}: no answer within {PageTimeout}");
        }
    }

    private string PagePath(string token) => ApiPaths.Query(
        options.Type.Path(@namespace),
        ("limit", options.PageSize.ToString(CultureInfo.InvariantCulture)),
        ("continue", token.Length > 0 ? token : null),
        ("labelSelector", options.LabelSelector),
        ("fieldSelector", options.FieldSelector));

    [LoggerMessage(2110, LogLevel.Error, "An item of the list of {Kind} in '{Namespace}' could not be read: {Error}")]
    private partial void LogUndecodable(string kind, string @namespace, string error);

    [LoggerMessage(2111, LogLevel.Warning, "The server's store was set back: {Kind} in '{Namespace}' was known up to version {Known}, and is {Listed} now")]
    private partial void LogSetBack(string kind, string @namespace, string known, string listed);
}
