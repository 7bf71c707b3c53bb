using System.Collections.Immutable;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;

namespace FamilyAssistant.Operator.Tests.Concerns.Restores;

/// <summary>A restore in a world of a few words: Jobs that end well or not, a database that is the old one, half a new one or a whole one, an application that runs unless it is held.</summary>
internal sealed class SimulatedRestore
{
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 2, 0, 0, TimeSpan.Zero);

    private const string Safety = "back-safety";

    private readonly Dictionary<RestoreTool, ToolState> _tools = [];
    private Dictionary<string, string> _before = [];
    private RestoreStatus _status = new();

    /// <summary>What is asked for.</summary>
    public RestoreSpec Spec { get; set; } = new()
    {
        InstanceRef = new InstanceReference { Name = "fa" },
        Source = new RestoreSource { BackupRef = new LocalReference { Name = "night" } },
    };

    /// <summary>How a Job ends; null: well.</summary>
    public Func<RestoreTool, ToolState?> Ends { get; set; } = _ => null;

    /// <summary>Why it has to end from a pass on.</summary>
    public ProcedureOutcome.Failed? Ended { get; set; }

    /// <summary>The instance is being deleted: nothing of it starts any more, and it goes when the restore has ended.</summary>
    public bool IsTerminating { get; set; }

    public bool Exists { get; set; } = true;

    public bool WasStarted { get; set; } = true;

    public bool HasOldFiles { get; set; }

    public bool HasBackupPolicy { get; set; } = true;

    public bool HasData { get; set; } = true;

    public bool NeedsSet { get; set; }

    public bool StartsOnSet { get; set; } = true;

    public IReadOnlyList<string> DifferentKeys { get; set; } = [];

    public SafetyState SafetyEnds { get; set; } = new SafetyState.Completed();

    public RestoreOrigin Origin { get; set; } = new RestoreOrigin.Found("fa-backups", "fa", "20261126t020000z-3f2a9c1b");

    public int Replicas { get; set; } = 1;

    /// <summary>Of the running instance; the set has <c>abc123</c>.</summary>
    public string Revision { get; set; } = "abc123";

    /// <summary>Whether the databases, files and keys are the old ones, the set's, or something in between.</summary>
    public string Database { get; private set; } = "old";

    public string Files { get; private set; } = "old";

    public string Keys { get; private set; } = "old";

    public bool IsPaused { get; private set; }

    public bool HasSafety { get; private set; }

    /// <summary>Name of the safety backup as the status tells it.</summary>
    public string? ToldSafety => _status.SafetyBackup;

    /// <summary>Pods of the application; they follow from the hold as in an instance's pass.</summary>
    public bool Runs { get; private set; } = true;

    public TimeSpan Passed { get; set; }

    public List<string> Stages { get; } = [];

    public List<RestoreTool> Ran { get; } = [];

    public string? Phase { get; private set; }

    public string? Reason { get; private set; }

    public string Message { get; private set; } = "";

    public string? Stage => Stages.LastOrDefault();

    public bool IsFinal => Phase is ProcedurePhases.Completed or ProcedurePhases.Failed;

    /// <summary>One pass of the operator over the restore.</summary>
    /// <param name="dies">The operator dies behind its act, before it has written what it knows.</param>
    public void Pass(bool dies = false)
    {
        var plan = RestorePlan.Decide(Picture());
        var outcome = Act(plan);
        if (!dies)
        {
            Write(outcome);
        }
    }

    /// <summary>What everything else does meanwhile: Jobs end, the instance's pass stops or starts the application.</summary>
    public void Others()
    {
        foreach (var (tool, _) in _tools.Where(entry => entry.Value is ToolState.Running).ToArray())
        {
            _tools[tool] = Ends(tool) ?? new ToolState.Succeeded(ResultOf(tool));
            Effect(tool, _tools[tool] is ToolState.Succeeded);
        }

        if (Exists && !IsPaused)
        {
            Runs = !IsTerminating && Replicas > 0 && (IsFinal || !RestoreStages.Holds(Stage, Phase is not null && Exists));
        }
    }

    /// <summary>To the end.</summary>
    public void Run(int most = 100)
    {
        for (var i = 0; i < most && !IsFinal; i++)
        {
            Pass();
            Others();
        }

        Others();
    }

    /// <summary>The pod of a Job is lost so often that nobody tries again.</summary>
    public static ToolState Lost => new ToolState.Failed(RestoreReasons.JobLost, "Its pod is gone.");

    private RestorePicture Picture() => new()
    {
        Name = "back",
        InstanceName = "fa",
        Spec = Spec,
        Stage = Stage,
        Before = _before,
        Set = _status.Set,
        SafetyName = HasSafety ? Safety : null,
        Now = Start + Passed,
        Ended = Ended,
        Origin = Stage is null ? Origin : null,
        Workload = Exists ? Workload() : null,
        HasOldFiles = HasOldFiles,
        IsInstanceTerminating = IsTerminating,
        HasBackupPolicy = HasBackupPolicy,
        DifferentKeys = DifferentKeys,
        Revision = Revision,
        Safety = HasSafety ? SafetyEnds : new SafetyState.Absent(),
        Busy = _tools.Any(entry => entry.Value is ToolState.Running && RestoreTools.Forward.Contains(entry.Key)) ? "Waits." : null,
        Tool = tool => _tools.GetValueOrDefault(tool) ?? new ToolState.Absent(),
    };

    private LiveWorkload Workload() => new(
        new InstanceState(IsReady: Runs && StartsHere, "So it is.", ClosedGate: null),
        Replicas,
        WasStarted || Ran.Contains(RestoreTool.Migrate) ? FakeSets.Of(Runs ? Replicas : 0) : null,
        Runs ? FakeSets.Pods(Stages.Count, StartsHere) : ImmutableArray<PodRecord>.Empty);

    private bool StartsHere => Database == "old" || StartsOnSet;

    private ProcedureOutcome Act(RestorePlan plan)
    {
        switch (plan)
        {
            case RestorePlan.Answer(var outcome):
                return outcome;
            case RestorePlan.Run(var tool, var message):
                Ran.Add(tool);
                _tools[tool] = new ToolState.Running(message);
                return new ProcedureOutcome.Working(Stage!, message);
            case RestorePlan.MakeSafety:
                HasSafety = true;
                return new ProcedureOutcome.Working(Stage!, "") { Report = RestoreReport.Safety(Safety) };
            case RestorePlan.PutObjects(var next):
                Exists = true;
                Runs = false;
                return next;
            case RestorePlan.ReplaceKeys(var next):
                Keys = "set";
                return next;
            case RestorePlan.PutBackKeys(var next):
                Keys = "old";
                return next;
            case RestorePlan.EndJobs(var message):
                foreach (var tool in RestoreTools.Forward.Where(tool => _tools.GetValueOrDefault(tool) is ToolState.Running))
                {
                    // It was killed somewhere in its middle.
                    _tools[tool] = Lost;
                    Effect(tool, isWhole: false);
                }

                return new ProcedureOutcome.Working(Stage!, message);
            case RestorePlan.PauseInstance(var next):
                IsPaused = true;
                Runs = false;
                return next;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void Write(ProcedureOutcome outcome)
    {
        (Phase, Reason, Message) = outcome switch
        {
            ProcedureOutcome.Done done => (ProcedurePhases.Completed, ProcedureReasons.Completed, done.Message),
            ProcedureOutcome.Failed failed => (ProcedurePhases.Failed, failed.Reason, failed.Message),
            ProcedureOutcome.Waiting waiting => (ProcedurePhases.Running, waiting.Reason, waiting.Message),
            _ => (ProcedurePhases.Running, ProcedureReasons.InProgress, outcome.Message),
        };
        if (outcome is ProcedureOutcome.Working working)
        {
            if (working.Stage != Stage)
            {
                Stages.Add(working.Stage);
            }

            _before = _before.Concat((working.Before ?? new Dictionary<string, string>()).Where(entry => !_before.ContainsKey(entry.Key))).ToDictionary();
        }

        _status = (RestoreStatus)(outcome.Report?.Invoke(_status) ?? _status);
    }

    /// <summary>What a Job does to the world; one that does not succeed may have done half of it.</summary>
    private void Effect(RestoreTool tool, bool isWhole)
    {
        switch (tool)
        {
            case RestoreTool.RestoreDatabase:
                Database = isWhole ? "set" : "half";
                break;
            case RestoreTool.Migrate when !isWhole:
                Database = "half";
                break;
            case RestoreTool.RestoreFiles:
                Files = isWhole ? "set" : "half";
                break;
            case RestoreTool.SwapBack when isWhole && !NeedsSet:
            case RestoreTool.RestoreSafety when isWhole:
                Database = "old";
                break;
            case RestoreTool.PutBackFiles when isWhole:
                Files = "old";
                break;
            default:
                break;
        }
    }

    private ToolResult ResultOf(RestoreTool tool) => new()
    {
        Outcome = ToolOutcome.Succeeded,
        Manifest = tool is RestoreTool.Inspect ? Manifest : null,
        Target = tool is RestoreTool.Examine || (tool is RestoreTool.Inspect && Exists && Spec.Parts.Contains(BackupPart.Database)) ? new ToolTarget("17.6", HasData) : null,
        Mode = tool == RestoreTool.RestoreDatabase ? ToolMode.Swap : null,
        Rows = tool == RestoreTool.RestoreDatabase ? 7 : null,
        PutBack = tool == RestoreTool.SwapBack ? (NeedsSet ? ToolPutBack.NeedsSet : ToolPutBack.PutBack) : null,
        Seconds = 3,
    };

    private static readonly SetManifest Manifest = new()
    {
        SchemaVersion = 1,
        SetId = "20261126t020000z-3f2a9c1b",
        Instance = new SetInstance("home", "fa", "uid"),
        CreatedAt = "2026-11-26T02:00:00Z",
        Include = [BackupPart.Database, BackupPart.Files],
        Parts = [new SetPart(BackupPart.Database, "database.dump", 1000, new string('0', 64))],
        Database = new SetDatabase { ServerVersion = "17.6", ServerMajor = 17, ClientVersion = "17.6", Revision = "abc123", Tables = 2, Rows = 7 },
    };
}
