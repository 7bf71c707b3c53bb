using System.Net.Sockets;
using System.Security.Authentication;
using FamilyAssistant.Operator.Adapters.Databases;
using FamilyAssistant.Operator.Ports;
using Npgsql;
using Shouldly;
using Xunit;
using SslMode = FamilyAssistant.Operator.Api.Instances.SslMode;

namespace FamilyAssistant.Operator.Tests.Adapters.Databases;

public sealed class DatabaseErrorsTests
{
    private const string Banner = "banner-canary";
    private static readonly DatabaseTarget Target = new("db.example.com", 5433, "mlbot", "alice", "password-canary", SslMode.Prefer);

    /// <summary>SQLSTATE, reason, and what the message has to name.</summary>
    public static TheoryData<string, string, string> Refusals => new()
    {
        { "28P01", DatabaseFailures.AuthenticationFailed, "alice" },
        { "28000", DatabaseFailures.AuthenticationFailed, "alice" },
        { "3D000", DatabaseFailures.NotFound, "mlbot" },
        { "42501", DatabaseFailures.AuthenticationFailed, "privilege" },
        { "53300", DatabaseFailures.Unreachable, "max_connections" },
        { "57P01", DatabaseFailures.Unreachable, "recovering" },
        { "57P02", DatabaseFailures.Unreachable, "recovering" },
        { "57P03", DatabaseFailures.Unreachable, "recovering" },
        { "57014", DatabaseFailures.Unreachable, "too slowly" },
        { "55P03", DatabaseFailures.Unreachable, "lock" },
        { "XX000", DatabaseFailures.Unreachable, "SQLSTATE XX000" },
        { Banner, DatabaseFailures.Unreachable, "SQLSTATE unknown" },
        { "<b>x!", DatabaseFailures.Unreachable, "SQLSTATE unknown" },
        { "", DatabaseFailures.Unreachable, "SQLSTATE unknown" },
    };

    public static TheoryData<Exception> NoServer =>
    [
        new NpgsqlException(Banner, new SocketException((int)SocketError.ConnectionRefused)),
        new NpgsqlException(Banner, new TimeoutException(Banner)),
        new NpgsqlException(Banner, new IOException(Banner)),
        new NpgsqlException("Received backend message " + Banner),
        new OperationCanceledException(Banner),
        new ArgumentOutOfRangeException(Banner),
        new InvalidCastException(Banner),
    ];

    public static TheoryData<Exception> NoTls =>
    [
        new NpgsqlException("SSL connection requested. No SSL enabled connection from this host is configured."),
        new NpgsqlException("Exception while performing SSL handshake", new IOException(Banner)),
        new NpgsqlException(Banner, new AuthenticationException(Banner)),
    ];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_is_told_by_its_code_and_never_quoted(string state, string reason, string message)
    {
        var found = DatabaseErrors.Describe(Refusal(state), Target);
        found.Reason.ShouldBe(reason);
        found.Message.ShouldContain(message);
        found.Message.ShouldNotContain("canary");
        DatabaseErrors.MayTryElsewhere(Refusal(state)).ShouldBeFalse("a server that refuses has answered");
    }

    [Theory]
    [InlineData(SslMode.Disable, "ClientAuthentication", DatabaseFailures.TlsRequired)]
    [InlineData(SslMode.Disable, "InitializeSessionUserId", DatabaseFailures.AuthenticationFailed)]
    [InlineData(SslMode.Prefer, "ClientAuthentication", DatabaseFailures.AuthenticationFailed)]
    [InlineData(SslMode.Require, "ClientAuthentication", DatabaseFailures.AuthenticationFailed)]
    public void A_server_that_admits_only_encrypted_logins_is_told_from_one_that_does_not_know_the_role(SslMode mode, string routine, string reason) =>
        DatabaseErrors.Describe(Refusal("28000", routine), Target with { SslMode = mode }).Reason.ShouldBe(reason);

    /// <summary>One word and one sentence for all of them: telling them apart would make the operator a port scanner.</summary>
    [Theory]
    [MemberData(nameof(NoServer))]
    public void Refused_silent_and_garbled_answers_are_the_same(Exception error)
    {
        DatabaseErrors.Describe(error, Target).ShouldBe(new DatabaseObservation.Failed(DatabaseFailures.Unreachable, "No PostgreSQL server answers at db.example.com:5433."));
        DatabaseErrors.MayTryElsewhere(error).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(NoTls))]
    public void Encryption_that_does_not_work_has_a_reason_of_its_own(Exception error)
    {
        var found = DatabaseErrors.Describe(error, Target);
        found.Reason.ShouldBe(DatabaseFailures.TlsUnavailable);
        found.Message.ShouldNotContain("canary");
        DatabaseErrors.MayTryElsewhere(error).ShouldBeFalse("the next address would see the login in the clear");
    }

    private static PostgresException Refusal(string state, string? routine = null) => new(Banner, "FATAL", "FATAL", state, detail: Banner, hint: Banner, routine: routine);
}
