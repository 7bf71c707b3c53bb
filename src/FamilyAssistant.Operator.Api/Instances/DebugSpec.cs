using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>Debug output of the application, for a while: it writes the family's messages into the log, and it is forgotten easily. At least one switch is true (runbook 8.1).</summary>
public sealed record DebugSpec
{
    /// <summary>Log what is sent to and answered by the language models (<c>DEBUG_LLM_MESSAGES</c>). Default false.</summary>
    [Schema(Default = "false")]
    public bool LlmMessages { get; set; }

    /// <summary>Log the work of the LiteLLM library (<c>LITELLM_DEBUG</c>). Default false.</summary>
    [Schema(Default = "false")]
    public bool Litellm { get; set; }

    /// <summary>When the switches go off by themselves, RFC 3339, for example <c>2026-11-24T18:00:00Z</c>. The pod is replaced once then. A time that has passed means off.</summary>
    [Schema(MaxLength = 40, Pattern = Patterns.Time, Format = "date-time")]
    public required string ExpiresAt { get; init; }
}
