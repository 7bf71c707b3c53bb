using System.Net;
using System.Net.Sockets;
using System.Text;
using FamilyAssistant.Operator.Adapters.Health;
using FamilyAssistant.Operator.Ports;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Health;

/// <summary>The probe against a server that sends what the test says, byte by byte.</summary>
public sealed class HealthProbeTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly FakeTimeProvider _time = new();
    private readonly HealthProbe _probe;

    public HealthProbeTests()
    {
        _listener.Start();
        _probe = new HealthProbe(_time);
    }

    /// <summary>Status line and body; what is seen.</summary>
    public static TheoryData<string, string, string, string> Answers => new()
    {
        { "200 OK", """{"status": "ok", "reason": "Telegram polling active"}""", "ok", "Telegram polling active" },
        { "200 OK", """{"status": "initializing", "reason": "Telegram service initializing"}""", "initializing", "Telegram service initializing" },
        { "503 Service Unavailable", """{"status": "unhealthy", "reason": "Telegram polling stopped"}""", "unhealthy", "Telegram polling stopped" },
        { "200 OK", "ok", "", "HTTP 200 without the status that /health has" },
        { "404 Not Found", """{"detail": "Not Found"}""", "", "HTTP 404 without the status that /health has" },
        { "500 Internal Server Error", "", "", "HTTP 500 without the status that /health has" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task The_body_counts_and_not_the_code(string line, string body, string status, string reason)
    {
        var served = ServeAsync(Response(line, body));
        (await AskAsync()).ShouldBe(new HealthObservation(status, reason));
        (await served).ShouldStartWith("GET /health HTTP/1.1\r\n");
    }

    [Fact]
    public async Task A_pod_cannot_send_the_operator_elsewhere()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var port = ((IPEndPoint)elsewhere.LocalEndpoint).Port;
        var served = ServeAsync($"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{port}/health\r\nContent-Length: 0\r\n\r\n");
        (await AskAsync()).ShouldBe(new HealthObservation("", "HTTP 302 without the status that /health has"));
        await served;
        elsewhere.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task A_refused_connection_is_an_answer()
    {
        _listener.Stop();
        (await AskAsync()).ShouldBe(new HealthObservation("", "the connection is refused"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\"")]
    public async Task A_connection_that_breaks_is_an_answer(string sent)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var served = ServeEveryAsync(sent, stop.Token);
        (await AskAsync()).ShouldBe(new HealthObservation("", "the connection broke"));
        await stop.CancelAsync();
        await served;
    }

    [Fact]
    public async Task Another_protocol_is_an_answer_and_is_not_quoted()
    {
        var served = ServeAsync("SSH-2.0-canary\r\n");
        (await AskAsync()).ShouldBe(new HealthObservation("", "the answer is not HTTP"));
        await served;
    }

    [Fact]
    public async Task A_body_without_end_is_not_read_to_the_end()
    {
        var served = ServeAsync(Response("200 OK", new string('x', 64 * 1024)));
        (await AskAsync()).ShouldBe(new HealthObservation("", "the answer is too long"));
        await served;
    }

    [Fact]
    public async Task Headers_without_end_are_not_read_to_the_end()
    {
        var served = ServeAsync($"HTTP/1.1 200 OK\r\nX: {new string('x', 64 * 1024)}\r\n\r\n");
        (await AskAsync()).ShouldBe(new HealthObservation("", "the answer is too long"));
        await served;
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")]
    public async Task A_silent_pod_is_waited_for_five_seconds(string sent)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var served = ServeAsync(sent, connected, hold: true);
        var asked = AskAsync();
        await connected.Task.WaitAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(5));
        (await asked).ShouldBe(new HealthObservation("", "no answer within 5 s"));
        await served;
    }

    [Fact]
    public async Task The_operators_own_end_is_not_an_answer_of_the_pod()
    {
        using var stop = new CancellationTokenSource();
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var served = ServeAsync("", connected, hold: true);
        var asked = _probe.AskAsync(Target(), stop.Token);
        await connected.Task.WaitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asked);
        await served;
    }

    [Theory]
    [InlineData("")]
    [InlineData("evil.example.com")]
    [InlineData("127.0.0.1/x?")]
    public async Task Only_an_address_is_asked(string address) =>
        (await _probe.AskAsync(Target() with { Address = address }, TestContext.Current.CancellationToken)).ShouldBe(new HealthObservation("", "the pod's address is none"));

    public void Dispose()
    {
        _probe.Dispose();
        _listener.Dispose();
    }

    private static string Response(string line, string body) => $"HTTP/1.1 {line}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    private HealthTarget Target() => new("uid", 0, "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    private Task<HealthObservation> AskAsync() => _probe.AskAsync(Target(), TestContext.Current.CancellationToken);

    /// <summary>The client asks again, a few times, where a connection ends before any answer.</summary>
    private async Task ServeEveryAsync(string text, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await ServeOneAsync(text, null, hold: false, ct);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has its answer.
        }
    }

    private Task<string> ServeAsync(string text, TaskCompletionSource? served = null, bool hold = false) => ServeOneAsync(text, served, hold, TestContext.Current.CancellationToken);

    /// <summary>Reads one request, sends the text and closes, or holds the connection until the other side goes. Returns the request.</summary>
    private async Task<string> ServeOneAsync(string text, TaskCompletionSource? served, bool hold, CancellationToken ct)
    {
        using var client = await _listener.AcceptTcpClientAsync(ct);
        var stream = client.GetStream();
        var request = new byte[4096];
        var length = await stream.ReadAsync(request, ct);
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
            served?.SetResult();
            if (hold)
            {
                _ = await stream.ReadAsync(new byte[1], ct);
            }
        }
        catch (IOException)
        {
            // The probe has read enough.
        }

        return Encoding.ASCII.GetString(request, 0, length);
    }
}
