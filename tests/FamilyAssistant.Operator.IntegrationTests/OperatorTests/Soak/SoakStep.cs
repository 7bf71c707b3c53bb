using FamilyAssistant.Operator.Api.Operations;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>One disturbance; its text is its line in the journal. Instances and operators are numbered from 0, bots too.</summary>
internal abstract record SoakStep
{
    private SoakStep()
    {
    }

    /// <summary>Writes a token into the Secret of an instance, which is made when it is not there; another edition is another token of the same bot.</summary>
    internal sealed record EnterToken(int Instance, int Bot, int Edition) : SoakStep
    {
        public override string ToString() => $"{Instance}: token of bot {Bot}, edition {Edition}";
    }

    /// <summary>Exchanges the tokens of two instances: two edits, one right after the other.</summary>
    internal sealed record SwapTokens(int Instance, int Other, int Bot, int OtherBot, int Edition) : SoakStep
    {
        public override string ToString() => $"{Instance}, {Other}: swap the tokens of bots {OtherBot} and {Bot}";
    }

    /// <summary>Takes the token out of the Secret.</summary>
    internal sealed record RemoveToken(int Instance) : SoakStep
    {
        public override string ToString() => $"{Instance}: no token";
    }

    /// <summary>Writes something that is no token.</summary>
    internal sealed record EnterNonsense(int Instance) : SoakStep
    {
        public override string ToString() => $"{Instance}: no valid token";
    }

    /// <summary>Deletes the whole Secret.</summary>
    internal sealed record DeleteSecret(int Instance) : SoakStep
    {
        public override string ToString() => $"{Instance}: delete the Secret";
    }

    /// <summary>Changes a key that has nothing to do with the bot: a rollout.</summary>
    internal sealed record EnterKey(int Instance, int Edition) : SoakStep
    {
        public override string ToString() => $"{Instance}: another API key";
    }

    /// <summary>Deletes an instance.</summary>
    internal sealed record Delete(int Instance, bool Foreground) : SoakStep
    {
        public override string ToString() => $"{Instance}: delete{(Foreground ? " in the foreground" : "")}";
    }

    /// <summary>Makes an instance, under a name that may have been there before.</summary>
    internal sealed record Create(int Instance) : SoakStep
    {
        public override string ToString() => $"{Instance}: create";
    }

    /// <summary>Stops or starts an instance.</summary>
    internal sealed record Scale(int Instance, int Replicas) : SoakStep
    {
        public override string ToString() => $"{Instance}: scale to {Replicas}";
    }

    /// <summary>Sets or removes the pause annotation.</summary>
    internal sealed record Pause(int Instance, bool IsPaused) : SoakStep
    {
        public override string ToString() => $"{Instance}: {(IsPaused ? "pause" : "resume")}";
    }

    /// <summary>Asks for an operation; it may have to wait, and to outlive operators.</summary>
    internal sealed record Operate(int Instance, OperationAction Action) : SoakStep
    {
        public override string ToString() => $"{Instance}: {Action}";
    }

    /// <summary>Deletes the Secret that containers get their token from, which only the operator has a business with.</summary>
    internal sealed record DeleteFence(int Instance) : SoakStep
    {
        public override string ToString() => $"{Instance}: delete the Secret of the operator";
    }

    /// <summary>Deletes the pod as a drain does, with time to end.</summary>
    internal sealed record DrainPod(int Instance, int GraceSeconds) : SoakStep
    {
        public override string ToString() => $"{Instance}: drain the pod, {GraceSeconds} s";
    }

    /// <summary>Ends the container's processes; the node starts it again, without asking anybody.</summary>
    internal sealed record KillContainer(int Instance) : SoakStep
    {
        public override string ToString() => $"{Instance}: kill the container";
    }

    /// <summary>Starts an operator; nothing elects, so every one that runs believes to lead.</summary>
    internal sealed record StartOperator(int Operator) : SoakStep
    {
        public override string ToString() => $"start operator {Operator}";
    }

    /// <summary>Ends an operator between any two instructions.</summary>
    internal sealed record KillOperator(int Operator) : SoakStep
    {
        public override string ToString() => $"kill operator {Operator}";
    }

    /// <summary>Stops an operator's clock, as a machine that is suspended does: later it goes on with what it knew.</summary>
    internal sealed record FreezeOperator(int Operator) : SoakStep
    {
        public override string ToString() => $"freeze operator {Operator}";
    }

    /// <summary>Lets it go on.</summary>
    internal sealed record ThawOperator(int Operator) : SoakStep
    {
        public override string ToString() => $"thaw operator {Operator}";
    }

    /// <summary>Kills the API server and starts it again: answers are lost, every watch breaks and is told that its past is gone.</summary>
    internal sealed record CrashApiServer : SoakStep
    {
        public override string ToString() => "crash the API server";
    }
}

/// <summary>What is waited for between two steps, never for long: so that steps meet the work of earlier ones at every point of it.</summary>
internal enum SoakPause
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An operator has seen the instance's spec as it is.</summary>
    Observed,

    /// <summary>A pod of the instance is ending.</summary>
    PodEnding,

    /// <summary>The instance has no pod.</summary>
    NoPod,

    /// <summary>A container of the instance runs.</summary>
    Running,

    /// <summary>Some process polls the bot that the instance wants: the only one that lets things come to rest.</summary>
    Polled,
}
