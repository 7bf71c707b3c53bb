using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Benchmarks.World;

/// <summary>Answers <c>/health</c> for every pod, at an address of its own each, as the application without a bot does.</summary>
internal sealed class HealthServer : IAsyncDisposable
{
    private const int ApplicationPort = 8000;
    private const int FirstSecondOctet = 130;
    private const int Octets = 60;
    private readonly WebApplication _web;
    private readonly int _octet;

    private HealthServer(WebApplication web, int octet)
    {
        _web = web;
        _octet = octet;
    }

    /// <summary>Address of the pod of an instance.</summary>
    public string AddressOf(int instance) => Address(_octet, instance).ToString();

    /// <summary>Listens for so many pods, in a part of 127.0.0.0/8 in which nobody else does.</summary>
    public static async Task<HealthServer> StartAsync(int pods, CancellationToken ct)
    {
        var first = Random.Shared.Next(Octets);
        for (var attempt = 0; attempt < Octets; attempt++)
        {
            var octet = FirstSecondOctet + ((first + attempt) % Octets);
            var web = Build(octet, pods);
            try
            {
                await web.StartAsync(ct);
                return new HealthServer(web, octet);
            }
            catch (IOException)
            {
                // Another program has pods there.
                await web.DisposeAsync();
            }
        }

        throw new InvalidOperationException($"no free range of loopback addresses for {pods} pods");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private static WebApplication Build(int octet, int pods)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var pod in Enumerable.Range(0, pods))
            {
                kestrel.Listen(Address(octet, pod), ApplicationPort);
            }
        });
        builder.WebHost.UseShutdownTimeout(TimeSpan.FromMilliseconds(200));
        var web = builder.Build();
        web.Run(static context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"status":"healthy","reason":"Web server is running"}""");
        });
        return web;
    }

    private static IPAddress Address(int octet, int pod) => new([127, (byte)octet, (byte)(pod / 250), (byte)(1 + (pod % 250))]);
}
