using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

public sealed class DatabaseWaitersTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeWork _work = new();
    private readonly DatabaseWaiters _waiters;

    public DatabaseWaitersTests() => _waiters = new DatabaseWaiters(_work, _time);

    [Fact]
    public void Who_waits_is_woken_once_however_often_it_said_so()
    {
        _waiters.Add(InstanceWorld.Key("a"));
        _waiters.Add(InstanceWorld.Key("a"));
        _waiters.Add(InstanceWorld.Key("b"));
        _work.Asked.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(15));
        _work.Asked.ShouldBe([InstanceWorld.Key("a"), InstanceWorld.Key("b")], ignoreOrder: true);
        _time.Advance(TimeSpan.FromMinutes(1));
        _work.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public void Who_still_waits_after_its_pass_is_woken_again()
    {
        for (var round = 1; round <= 3; round++)
        {
            _waiters.Add(InstanceWorld.Key("a"));
            _time.Advance(TimeSpan.FromSeconds(15));
            _work.Asked.Count.ShouldBe(round);
        }
    }

    [Fact]
    public void Nobody_is_woken_after_the_end()
    {
        _waiters.Add(InstanceWorld.Key("a"));
        _waiters.Dispose();
        _time.Advance(TimeSpan.FromMinutes(1));
        _work.Asked.ShouldBeEmpty();
    }

    public void Dispose() => _waiters.Dispose();
}
