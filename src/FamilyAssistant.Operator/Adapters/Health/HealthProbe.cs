using System.Globalization;
using System.Net;
using FamilyAssistant.Operator.Ports;

namespace FamilyAssistant.Operator.Adapters.Health;

/// <summary>Asks <c>/health</c> over HTTP, at the pod's own address.</summary>
internal sealed class HealthProbe : IHealthProbe, IDisposable
{
    /// <summary>The answer is a line; whoever sends more is not the application.</summary>
    private const int LongestBody = 16 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    /// <summary>Creates the probe.</summary>
    public HealthProbe(TimeProvider time)
    {
        _time = time;
        var handler = new SocketsHttpHandler
        {
            // A pod must not send the operator elsewhere, and a proxy does not know pods.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = Limit,
            MaxResponseHeadersLength = 16,

            // Asked every half minute, a kept connection would only go stale.
            PooledConnectionLifetime = TimeSpan.Zero,
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestBody };
    }

    /// <inheritdoc />
    public async Task<HealthObservation> AskAsync(HealthTarget target, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(target));
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, both.Token);
            var body = await response.Content.ReadAsByteArrayAsync(both.Token);
            return HealthBody.Parse(body)
                ?? new HealthObservation("", string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode} without the status that /health has"));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new HealthObservation("", string.Create(CultureInfo.InvariantCulture, $"no answer within {Limit.TotalSeconds:0} s"));
        }
        catch (HttpRequestException error)
        {
            return new HealthObservation("", Describe(error));
        }
        catch (IOException)
        {
            return new HealthObservation("", "the connection broke");
        }
        catch (UriFormatException)
        {
            return new HealthObservation("", "the pod's address is none");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private static Uri AddressOf(HealthTarget target) =>
        new UriBuilder(Uri.UriSchemeHttp, IPAddress.TryParse(target.Address, out var address) ? address.ToString() : throw new UriFormatException(), target.Port, "/health").Uri;

    private static string Describe(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.ConnectionError => "the connection is refused",
        HttpRequestError.ResponseEnded => "the connection broke",
        HttpRequestError.ConfigurationLimitExceeded => "the answer is too long",
        _ => "the answer is not HTTP",
    };
}
