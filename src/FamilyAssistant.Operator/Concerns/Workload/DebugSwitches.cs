using System.Globalization;
using FamilyAssistant.Operator.Api.Instances;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>The application's debug switches as they are meant now. Pure: from the spec, the clock and what was switched off before.</summary>
/// <param name="LlmMessages">Whether the messages of language models are logged.</param>
/// <param name="Litellm">Whether the work of LiteLLM is logged.</param>
/// <param name="Until">When they go off; null when they are off.</param>
/// <param name="Ended">The <c>expiresAt</c> that has been reached, as it was written; null when none has.</param>
internal sealed record DebugSwitches(bool LlmMessages, bool Litellm, DateTimeOffset? Until, string? Ended)
{
    /// <summary>Variable of <see cref="LlmMessages"/>.</summary>
    public const string LlmMessagesVariable = "DEBUG_LLM_MESSAGES";

    /// <summary>Variable of <see cref="Litellm"/>.</summary>
    public const string LitellmVariable = "LITELLM_DEBUG";

    /// <summary>Nothing asked for.</summary>
    public static readonly DebugSwitches Off = new(false, false, null, null);

    /// <summary>The longest pause between two looks at the clock while something is on: timers run by another clock, which does not notice when somebody sets this one.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>The decision.</summary>
    /// <param name="spec"><c>spec.debug</c>.</param>
    /// <param name="ended">What the StatefulSet says of an <c>expiresAt</c> that was reached before: a clock that is set back must not switch it on again.</param>
    /// <param name="now">Now.</param>
    public static DebugSwitches Of(DebugSpec? spec, string? ended, DateTimeOffset now)
    {
        if (spec is null)
        {
            return Off;
        }

        // The rules have seen that it is a time; what is none must not leave anything on.
        var until = DateTimeOffset.TryParse(spec.ExpiresAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : DateTimeOffset.MinValue;
        return now >= until || ended == spec.ExpiresAt
            ? Off with { Ended = spec.ExpiresAt }
            : new DebugSwitches(spec.LlmMessages, spec.Litellm, until, Ended: null);
    }

    /// <summary>When to look at the clock again; null when nothing is on.</summary>
    public TimeSpan? LookAgain(DateTimeOffset now) => Until is { } until ? TimeSpan.FromTicks(Math.Clamp((until - now).Ticks, TimeSpan.TicksPerSecond, LongestPause.Ticks)) : null;

    /// <summary>What a person should know while something is on, as sentences; empty when nothing is.</summary>
    /// <param name="runs">Whether the pods' template has the switches on.</param>
    public string Note(bool runs) => (Until, runs) switch
    {
        ({ } until, _) => $" Debug output is on until {until:yyyy-MM-dd'T'HH:mm:ss'Z'}: the log holds private messages.",
        (null, true) => " Debug output is still on; it goes off with the next change of the pod.",
        _ => "",
    };

    /// <summary>Whether this template has a switch on.</summary>
    public static bool AreOn(V1PodSpec? pod) => pod?.Containers?.FirstOrDefault()?.Env?.Any(static variable =>
        variable is { Name: LlmMessagesVariable or LitellmVariable, ValueFrom: null, Value: { Length: > 0 } }) == true;
}
