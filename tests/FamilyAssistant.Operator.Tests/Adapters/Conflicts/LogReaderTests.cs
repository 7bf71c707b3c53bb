using System.Net;
using FamilyAssistant.Operator.Adapters.Conflicts;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Conflicts;

public sealed class LogReaderTests
{
    private static readonly PollingContainer Container = new(InstanceWorld.Key("fa-0"), "uid", 0, "family-assistant");
    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task One_look_is_one_request()
    {
        (await ReadAsync()).ShouldBe(new LogFinding.Quiet());
        _cluster.Logs[Container.Pod] = "a\ntelegram.error.Conflict: b\n";
        (await ReadAsync()).ShouldBe(new LogFinding.Conflict("telegram.error.Conflict: b"));
        _cluster.Requests.ShouldBe(["log home/fa-0 family-assistant", "log home/fa-0 family-assistant"]);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task A_log_that_cannot_be_read_says_nothing(HttpStatusCode status)
    {
        _cluster.Fail = _ => FakeCluster.Error(status, "no");
        (await ReadAsync()).ShouldBe(new LogFinding.Unreadable());
    }

    private Task<LogFinding> ReadAsync() =>
        new LogReader(_cluster, new FakeTimeProvider(), NullLogger<LogReader>.Instance).ReadAsync(Container, TestContext.Current.CancellationToken);
}
