using FamilyAssistant.Operator.Adapters.Databases;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Ports;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Databases;

/// <summary>What one part of the operator writes, another reads.</summary>
public sealed class ApplicationUrlTests
{
    [Theory]
    [InlineData("home-postgres", 5432, "assistant", "assistant", "secret", SslMode.Disable)]
    [InlineData("db.example.com", 6543, "mlbot", "fa", "p@ss/w:o?r#d%41'\"\\ &+$(id)ä😀", SslMode.Require)]
    [InlineData("10.1.2.3", 5432, "m_l", "u@s:e/r", "%", SslMode.Prefer)]
    public void The_URL_of_an_application_is_read_as_the_database_that_it_was_made_from(string host, int port, string name, string username, string password, SslMode mode)
    {
        var target = new DatabaseTarget(host, port, name, username, password, mode);
        ApplicationUrl.Read(DatabaseUrl.Of(target)).ShouldBe(target);
    }

    [Theory]
    [InlineData("")]
    [InlineData("postgresql+asyncpg://host/name")]
    [InlineData("postgresql+asyncpg://user@host/name")]
    [InlineData("postgresql+asyncpg://user:password@host")]
    [InlineData("mysql://user:password@host/name")]
    [InlineData("not a URL")]
    public void Anything_else_is_no_database(string url) => ApplicationUrl.Read(url).ShouldBeNull();
}
