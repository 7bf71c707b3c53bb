using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests;

public sealed class SmokeTests
{
    [Fact]
    public void The_project_runs() => Assert.True(Environment.ProcessId > 0);
}
