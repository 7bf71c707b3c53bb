using FamilyAssistant.Operator.Api.Procedures;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>What one call of a handler came to. Nothing secret is ever in any of its texts.</summary>
internal abstract record ProcedureOutcome
{
    private ProcedureOutcome(string message)
    {
        Message = message;
    }

    /// <summary>What is so, as a sentence for a person.</summary>
    public string Message { get; }

    /// <summary>What of the kind's own status is to be written with it; null: nothing.</summary>
    public Func<ProcedureStatus, ProcedureStatus>? Report { get; init; }

    /// <summary>
    /// What it needs is not there yet, and comes by itself or by what somebody does next. Before the first stage the procedure stays Pending and lets others go first; later it stands still
    /// with this reason.
    /// </summary>
    /// <param name="Reason">From <see cref="ProcedureReasons"/>.</param>
    /// <param name="Message">What is waited for.</param>
    internal sealed record Waiting(string Reason, string Message) : ProcedureOutcome(Message)
    {
        /// <summary>When to look again at the latest; null: a change is what is waited for.</summary>
        public TimeSpan? CheckAfter { get; init; }
    }

    /// <summary>On the way.</summary>
    /// <param name="Stage">CamelCase word. Another one than before: it is written first, and the handler is called again at once, now allowed to act for it.</param>
    /// <param name="Message">
    /// What is being done. That of the first stage says what the operation will do: a dry run ends with it.
    /// </param>
    internal sealed record Working(string Stage, string Message) : ProcedureOutcome(Message)
    {
        /// <summary>Evidence of how it is before the stage. Entries that were written already keep their value. At most 64, each of at most 1024 characters.</summary>
        public IReadOnlyDictionary<string, string>? Before { get; init; }

        /// <summary>When to look again at the latest; null: a change of the instance, its StatefulSets or its pods is what is waited for.</summary>
        public TimeSpan? CheckAfter { get; init; }
    }

    /// <summary>It has done what was asked for.</summary>
    internal sealed record Done(string Message) : ProcedureOutcome(Message)
    {
        /// <summary>Evidence of how it is now, for kinds that keep it (operations). At most 64 entries, each of at most 1024 characters.</summary>
        public IReadOnlyDictionary<string, string>? After { get; init; }
    }

    /// <summary>It cannot be done, or not any more. The handler leaves everything in a state from which the instance goes on by itself.</summary>
    /// <param name="Reason">From <see cref="ProcedureReasons"/>.</param>
    /// <param name="Message">Why, and what to do about it.</param>
    internal sealed record Failed(string Reason, string Message) : ProcedureOutcome(Message);
}
