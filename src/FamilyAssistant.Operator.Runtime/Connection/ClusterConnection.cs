using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FamilyAssistant.Operator.Runtime.Connection;

/// <summary>
/// A pool of connections to the API server. Raw on purpose: no handler chain, no client time limit that would end a watch or look like a shutdown.
/// Certificate chain and host name are both verified, also with a private authority.
/// </summary>
public sealed class ClusterConnection : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly ConnectionSettings _settings;
    private readonly string _userAgent;
    private readonly Version _httpVersion;

    /// <summary>Opens nothing yet; the first request connects.</summary>
    public ClusterConnection(ConnectionSettings settings, ConnectionOptions options)
    {
        _settings = settings;
        _userAgent = options.UserAgent;
        _httpVersion = options.HttpVersion;
        Host = settings.Server.Authority;
        _http = new HttpMessageInvoker(CreateHandler(settings, options));
    }

    /// <summary>Host and port, for metrics.</summary>
    public string Host { get; }

    /// <summary>Namespace of the pod or of the kubeconfig context.</summary>
    public string Namespace => _settings.Namespace;

    /// <summary>Sends one request; returns as soon as the headers are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        request.RequestUri = new Uri(_settings.Server, request.RequestUri!);
        request.Version = _httpVersion;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        if (_settings.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        }

        return _http.SendAsync(request, ct);
    }

    /// <summary>The server answered 401: read the token again before the next request.</summary>
    public void TokenRefused() => _settings.Token?.Invalidate();

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler CreateHandler(ConnectionSettings settings, ConnectionOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingDelay = options.PingDelay,
            KeepAlivePingTimeout = options.PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = null,
        };
        handler.SslOptions.TargetHost = settings.ServerName;
        if (settings.Authorities is { } authorities)
        {
            // A custom chain policy keeps the platform's own name check; a validation callback would replace it.
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (settings.ClientCertificate is { } certificate)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        }

        return handler;
    }
}
