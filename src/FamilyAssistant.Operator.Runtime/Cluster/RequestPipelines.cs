using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>How often and how patiently each class of request is tried.</summary>
public sealed record RetryOptions
{
    /// <summary>Limit for one attempt. Default 30 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Retries after the first attempt. Default 4. What still fails is left to the back-off of the queue.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>First pause; doubles, with jitter. Default 200 ms.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest pause. Default 5 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest <c>Retry-After</c> that is waited for inside a request. Default 30 s; a longer one is cut to this.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>The retry pipelines. All requests of the port are safe to repeat: applies by nature, the rest through preconditions.</summary>
internal sealed class RequestPipelines
{
    public RequestPipelines(RetryOptions options, TimeProvider time)
    {
        Idempotent = Build(options, options.Retries, time);
        // A create whose answer was lost comes back as "already exists", which the caller takes as "look, then adopt or fail". One repetition
        // decides that; more would only delay the look.
        Create = Build(options, Math.Min(options.Retries, 2), time);
        Once = Build(options, retries: 0, time);
    }

    public ResiliencePipeline<ApiAnswer> Idempotent { get; }

    public ResiliencePipeline<ApiAnswer> Create { get; }

    /// <summary>For what is asked again before long in any case.</summary>
    public ResiliencePipeline<ApiAnswer> Once { get; }

    /// <summary>401 is transient: the token is read again for the next attempt.</summary>
    public static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.Unauthorized or HttpStatusCode.RequestTimeout
        or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
        or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private static ResiliencePipeline<ApiAnswer> Build(RetryOptions options, int retries, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<ApiAnswer> { TimeProvider = time };
        if (retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<ApiAnswer>
            {
                MaxRetryAttempts = retries,
                Delay = options.FirstDelay,
                MaxDelay = options.MaxDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome switch
                {
                    { Exception: HttpRequestException or TimeoutRejectedException } => true,
                    { Exception: not null } => false,
                    { Result: var answer } => IsTransient(answer.Status) && !StatusBody.IsUnknownField(answer),
                }),
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Exception is null && args.Outcome.Result.RetryAfter is { } after && after > TimeSpan.Zero
                    ? Min(after, options.MaxRetryAfter)
                    : (TimeSpan?)null),
            });
        }

        return builder.AddTimeout(options.AttemptTimeout).Build();
    }

    private static TimeSpan? Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
