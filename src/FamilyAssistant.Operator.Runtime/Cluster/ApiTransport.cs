using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using FamilyAssistant.Operator.Runtime.Connection;
using FamilyAssistant.Operator.Runtime.Telemetry;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>One attempt of a request, measured. Retries are above it (<see cref="RequestPipelines"/>).</summary>
internal sealed class ApiTransport(ClusterConnection connection, RuntimeMetrics metrics, TimeProvider time)
{
    /// <summary>Sends and reads the whole answer.</summary>
    /// <exception cref="HttpRequestException">No complete answer came; the request may or may not have been carried out.</exception>
    public async ValueTask<ApiAnswer> SendAsync(ApiRequest request, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var code = "<error>";
        try
        {
            using var message = ToMessage(request);
            using var response = await connection.SendAsync(message, ct);
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                connection.TokenRefused();
            }

            return new ApiAnswer(response.StatusCode, body, RetryAfter(response));
        }
        catch (IOException e)
        {
            throw new HttpRequestException($"The answer to {request.What} broke off.", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            // The handler reports a connect time limit as a cancellation, which would look like a shutdown.
            throw new HttpRequestException($"The connection for {request.What} timed out.", e);
        }
        finally
        {
            Count(request, code, start);
        }
    }

    /// <summary>Opens a stream (a watch, a log); the caller disposes the response. Any status is returned.</summary>
    public async Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var code = "<error>";
        try
        {
            using var message = ToMessage(request);
            var response = await connection.SendAsync(message, ct);
            code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                connection.TokenRefused();
            }

            return response;
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new HttpRequestException($"The connection for {request.What} timed out.", e);
        }
        finally
        {
            Count(request, code, start);
        }
    }

    private static HttpRequestMessage ToMessage(ApiRequest request)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(request.Path, UriKind.Relative));
        message.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (request.ContentType is not null)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
        }

        return message;
    }

    private void Count(ApiRequest request, string code, long start)
    {
        metrics.Requests.WithLabels(code, request.Method.Method, connection.Host).Inc();
        metrics.RequestSeconds.WithLabels(request.Method.Method, connection.Host).Observe(time.GetElapsedTime(start).TotalSeconds);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };
}
