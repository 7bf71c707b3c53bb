namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>What the steps so far asked for. Steps are chosen by it and not by what the cluster looks like, so that a seed gives the same steps again.</summary>
internal sealed class SoakModel(int instances, int operators)
{
    /// <summary>The instances, by number.</summary>
    public IReadOnlyList<Instance> Instances { get; } = [.. Enumerable.Range(0, instances).Select(number => new Instance(number))];

    /// <summary>The operators, by number.</summary>
    public IReadOnlyList<Process> Operators { get; } = [.. Enumerable.Range(0, operators).Select(number => new Process(number))];

    /// <summary>Follows a step.</summary>
    public void Apply(SoakStep step)
    {
        switch (step)
        {
            case SoakStep.EnterToken(var instance, var bot, _):
                Instances[instance].Bot = bot;
                break;
            case SoakStep.SwapTokens(var one, var other, var bot, var otherBot, _):
                (Instances[one].Bot, Instances[other].Bot) = (bot, otherBot);
                break;
            case SoakStep.RemoveToken(var instance):
                Instances[instance].Bot = null;
                break;
            case SoakStep.EnterNonsense(var instance):
                Instances[instance].Bot = null;
                break;
            case SoakStep.DeleteSecret(var instance):
                Instances[instance].Bot = null;
                break;
            case SoakStep.Delete(var instance, _):
                Instances[instance].Exists = false;
                break;
            case SoakStep.Create(var instance):
                Instances[instance].Exists = true;
                Instances[instance].IsStopped = Instances[instance].IsPaused = false;
                break;
            case SoakStep.Scale(var instance, var replicas):
                Instances[instance].IsStopped = replicas == 0;
                break;
            case SoakStep.Pause(var instance, var isPaused):
                Instances[instance].IsPaused = isPaused;
                break;
            case SoakStep.StartOperator(var process):
                Operators[process].Runs = true;
                break;
            case SoakStep.KillOperator(var process):
                Operators[process].Runs = Operators[process].IsFrozen = false;
                break;
            case SoakStep.FreezeOperator(var process):
                Operators[process].IsFrozen = true;
                break;
            case SoakStep.ThawOperator(var process):
                Operators[process].IsFrozen = false;
                break;
        }
    }

    /// <summary>An instance as it was asked for last.</summary>
    internal sealed class Instance(int number)
    {
        public int Number => number;

        public bool Exists { get; set; }

        public bool IsStopped { get; set; }

        public bool IsPaused { get; set; }

        /// <summary>The bot of the valid token in its Secret; null: none.</summary>
        public int? Bot { get; set; }
    }

    /// <summary>An operator.</summary>
    internal sealed class Process(int number)
    {
        public int Number => number;

        public bool Runs { get; set; }

        public bool IsFrozen { get; set; }
    }
}
