using System.Text;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Connection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;
using static FamilyAssistant.Operator.Tests.Runtime.StandInServer;

namespace FamilyAssistant.Operator.Tests.Runtime.Cluster;

/// <summary>Retries by class, and what an error says.</summary>
public sealed class ClusterApiTests
{
    private static readonly ObjectKey A = new("home", "a");
    private static readonly RetryOptions Quick = new() { FirstDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) };

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task A_passing_trouble_is_retried_inside(int status)
    {
        await using var server = await ScriptAsync((n, c) => n < 4 ? WriteAsync(c, Wire.Status(status, "Trouble"), status) : WriteAsync(c, Wire.Item("a", 3)));

        (await Api(server).GetAsync(ResourceTypes.ConfigMap, A, Ct)).ShouldNotBeNull();
        server.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_broken_connection_is_retried_inside()
    {
        await using var server = await ScriptAsync((n, c) =>
        {
            if (n > 2)
            {
                return WriteAsync(c, Wire.Item("a", 3));
            }

            c.Abort();
            return Task.CompletedTask;
        });

        (await Api(server).GetAsync(ResourceTypes.ConfigMap, A, Ct)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(400, ErrorClass.Invalid)]
    [InlineData(403, ErrorClass.Terminal)]
    [InlineData(405, ErrorClass.Terminal)]
    [InlineData(409, ErrorClass.Conflict)]
    [InlineData(413, ErrorClass.Invalid)]
    [InlineData(422, ErrorClass.Invalid)]
    public async Task What_no_retry_mends_is_asked_once(int status, ErrorClass expected)
    {
        await using var server = await ScriptAsync((_, c) => WriteAsync(c, Wire.Status(status, "Because", "the server's words"), status));

        var error = await Should.ThrowAsync<ClusterApiException>(Api(server).ApplyAsync(ConfigMap(), force: true, Ct));

        error.Class.ShouldBe(expected);
        error.Message.ShouldContain("apply ConfigMap home/a");
        error.Message.ShouldContain("the server's words");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_field_that_the_server_lacks_is_invalid_although_the_answer_is_500()
    {
        await using var server = await ScriptAsync((_, c) => WriteAsync(c, Wire.Status(500, "", "failed to create typed patch object: .spec.x: field not declared in schema"), 500));

        (await Should.ThrowAsync<ClusterApiException>(Api(server).ApplyAsync(ConfigMap(), force: true, Ct))).Class.ShouldBe(ErrorClass.Invalid);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_server_says_how_long_to_wait()
    {
        var time = new FakeTimeProvider();
        await using var server = await ScriptAsync((n, c) =>
        {
            c.Response.Headers.RetryAfter = "7";
            return n == 1 ? WriteAsync(c, Wire.Status(429, "TooManyRequests"), 429) : WriteAsync(c, Wire.Item("a", 3));
        });

        var get = Api(server, time, new RetryOptions { AttemptTimeout = TimeSpan.FromHours(1) }).GetAsync(ResourceTypes.ConfigMap, A, Ct);
        var began = time.GetUtcNow();
        await Eventually.HoldsAsync(() => get.IsCompleted, "the answer", () => time.Advance(server.Requests.Count == 1 ? TimeSpan.FromMilliseconds(100) : TimeSpan.Zero));

        (time.GetUtcNow() - began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task A_refused_token_is_read_again()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "old\n", Ct);
        var token = new FileToken(file, TimeProvider.System);
        token.Token.ShouldBe("old");
        await File.WriteAllTextAsync(file, "new\n", Ct);
        await using var server = await ScriptAsync((_, c) => c.Request.Headers.Authorization == "Bearer new" ? WriteAsync(c, Wire.Item("a", 3)) : WriteAsync(c, Wire.Status(401, "Unauthorized"), 401));

        (await Api(server, token: token).GetAsync(ResourceTypes.ConfigMap, A, Ct)).ShouldNotBeNull();
        server.Requests.Count.ShouldBe(2);
        File.Delete(file);
    }

    [Fact]
    public async Task A_missing_object_is_null_but_a_missing_kind_is_an_error()
    {
        await using var server = await ScriptAsync((n, c) => WriteAsync(c, Wire.Status(404, "NotFound", n == 1 ? "configmaps a not found" : "the server could not find the requested resource"), 404));
        var api = Api(server);

        (await api.GetAsync(ResourceTypes.ConfigMap, A, Ct)).ShouldBeNull();
        (await Should.ThrowAsync<ClusterApiException>(api.GetAsync(ResourceTypes.ConfigMap, A, Ct))).Class.ShouldBe(ErrorClass.Terminal);
    }

    [Fact]
    public async Task No_error_repeats_what_a_Secret_holds()
    {
        await using var server = await ScriptAsync((_, c) => WriteAsync(c, Wire.Status(422, "Invalid", "Secret is invalid: data: hunter2"), 422));
        var secret = new Manifest(ResourceTypes.Secret, A, Encoding.UTF8.GetBytes("""{"stringData":{"password":"hunter2"}}"""));

        var error = await Should.ThrowAsync<ClusterApiException>(Api(server).ApplyAsync(secret, force: true, Ct));

        error.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task A_list_whose_snapshot_expires_between_two_pages_begins_again()
    {
        await using var server = await ScriptAsync((n, c) => n switch
        {
            1 => WriteAsync(c, Wire.Page(7, "more", Wire.Item("old", 3))),
            2 => WriteAsync(c, Wire.Status(410, "Expired"), 410),
            _ => WriteAsync(c, Wire.Page(9, "", Wire.Item("a", 8))),
        });

        (await Api(server).ListAsync(ResourceTypes.ConfigMap, "home", null, Ct)).Select(o => o.Key.Name).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_search_keeps_only_what_matches_of_every_page_of_all_namespaces()
    {
        await using var server = await ScriptAsync((n, c) => n == 1
            ? WriteAsync(c, Wire.Page(7, "more", Wire.Item("a", 3), Wire.Item("b", 4)))
            : WriteAsync(c, Wire.Page(7, "", Wire.Item("c", 5), Wire.Item("b2", 6))));

        (await Api(server).SearchAsync(ResourceTypes.ConfigMap, "", found => found.Key.Name.StartsWith('b'), Ct)).Select(o => o.Key.Name).ShouldBe(["b", "b2"]);
        server.Requests.Count.ShouldBe(2);
        server.Requests.ShouldAllBe(request => request.Contains("/api/v1/configmaps?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_is_asked_for_once_and_bounded_by_lines_time_and_bytes()
    {
        await using var server = await ScriptAsync((n, c) => n == 1 ? WriteAsync(c, "first\nsecond\nthird\n") : WriteAsync(c, Wire.Status(500, "Trouble"), 500));

        (await Api(server).ReadLogAsync(A, "main", new LogRange(20) { Since = TimeSpan.FromSeconds(1.5), MostBytes = 10 }, Ct)).ShouldBe("third\n");
        var error = await Should.ThrowAsync<ClusterApiException>(Api(server).ReadLogAsync(A, "main", new LogRange(20), Ct));

        error.Class.ShouldBe(ErrorClass.Transient);
        server.Requests.Count.ShouldBe(2);
        server.Requests.First().ShouldContain("/api/v1/namespaces/home/pods/a/log?container=main&tailLines=20&sinceSeconds=2&limitBytes=40");
    }

    [Fact]
    public async Task A_name_that_is_taken_is_null_and_a_delete_names_the_incarnation()
    {
        var bodies = new List<string>();
        await using var server = await StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            bodies.Add(await reader.ReadToEndAsync(context.RequestAborted));
            await WriteAsync(context, Wire.Status(409, context.Request.Method == "POST" ? "AlreadyExists" : "Conflict"), 409);
        });

        (await Api(server).CreateAsync(ConfigMap(), Ct)).ShouldBeNull();
        (await Api(server).DeleteAsync(Wire.Object("a", 3, uid: "one"), Ct)).ShouldBeFalse("it is another one by now");
        bodies[1].ShouldContain(""" "preconditions":{"uid":"one"} """.Trim());
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Manifest ConfigMap() => new(ResourceTypes.ConfigMap, A, Encoding.UTF8.GetBytes("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"home"}}"""));

    private static ClusterApi Api(StandInServer server, TimeProvider? time = null, RetryOptions? retry = null, ITokenSource? token = null) =>
        new(server.Transport(TimeProvider.System, token), new ClusterApiOptions { FieldManager = "test", Retry = retry ?? Quick }, time ?? TimeProvider.System);

    private static Task<StandInServer> ScriptAsync(Func<int, HttpContext, Task> answer)
    {
        var count = 0;
        return StartAsync(context => answer(Interlocked.Increment(ref count), context));
    }
}
