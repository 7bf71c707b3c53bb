using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Images;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>
/// Stands before the programs that a script calls and, in psql, before each statement that matters: counts these points, and halts at the one that was chosen until the
/// script is killed or sent on. So a script is stopped everywhere, and not where the clock happens to strike.
/// </summary>
public sealed class Stops
{
    private const string Shim =
        """
        #!/usr/bin/perl
        use strict; use warnings; use Fcntl qw(:flock);
        my ($name) = $0 =~ m{([^/]+)\z};
        my $state = $ENV{TEST_STOPS};
        sub point {
            my $text = "$name $_[0]" =~ s/\n.*//sr;
            open(my $file, "+>>", "$state/points") or die;
            flock($file, LOCK_EX); seek($file, 0, 0);
            my @lines = <$file>;
            print $file substr($text, 0, 120), "\n"; close($file);
            my $chosen = do { open(my $in, "<", "$state/chosen") or die; <$in> };
            if ($chosen =~ /^\d+\z/ ? @lines == $chosen : length $chosen && index($text, $chosen) == 0 && !-e "$state/halted") {
                open(my $note, ">", "$state/halted"); close($note);
                select(undef, undef, undef, 0.02) until -e "$state/go";
            }
        }
        my ($real) = grep { -x } map { "$_/$name" } qw(BINARIES /usr/bin /bin);
        point("");
        if ($name eq "psql") {
            pipe(my $read, my $write);
            my $child = fork();
            if (!$child) { close($write); open(STDIN, "<&", $read); exec($real, @ARGV); }
            close($read); close(STDOUT); $write->autoflush(1); $SIG{PIPE} = "IGNORE";
            my $last = "";
            while (my $line = <STDIN>) {
                if ($last eq "COMMIT;\n") { point("after $last") }
                if (unlink "$state/cut") { kill("KILL", $child); last }
                $last = $line;
                point($line) if $line =~ /^(BEGIN|COMMIT|ROLLBACK|CREATE (DATABASE|EXTENSION|TABLE)|ALTER DATABASE|DROP|SELECT pg_(try|adv))/;
                print $write $line or last;
            }
            close($write); waitpid($child, 0); exit($? >> 8 || ($? ? 1 : 0));
        }
        exec($real, @ARGV);
        """;

    private static readonly string[] Programs = ["psql", "pg_dump", "pg_restore", "perl", "sync", "rm", "rmdir", "mkdir", "gpg", "tar", "initdb", "flock", "openssl"];
    private readonly string _state;
    private readonly string _programs;

    /// <param name="world">Where the scripts run.</param>
    public Stops(SetWorld world)
    {
        _state = Path.Combine(world.Folder, "stops");
        _programs = Path.Combine(world.Folder, "programs");
        Directory.CreateDirectory(_programs);
        var shim = Path.Combine(_programs, "shim");
        File.WriteAllText(shim, Shim.Replace("BINARIES", StandInTools.PostgresBinaries, StringComparison.Ordinal));
        File.SetUnixFileMode(shim, (UnixFileMode)0b111_101_101);
        foreach (var program in Programs)
        {
            File.CreateSymbolicLink(Path.Combine(_programs, program), "shim");
        }
    }

    /// <summary>Variables that put these programs before the real ones.</summary>
    public (string Name, string Value)[] Variables => [("PATH", $"{_programs}:{StandInTools.PostgresBinaries}:/usr/bin:/bin"), ("TEST_STOPS", _state)];

    /// <summary>The points that the last run came by.</summary>
    public string[] Points => File.Exists(Path.Combine(_state, "points")) ? File.ReadAllLines(Path.Combine(_state, "points")) : [];

    /// <summary>The next run halts at the point of this number, or at the first one that begins so; empty: nowhere.</summary>
    public void Choose(string point)
    {
        if (Directory.Exists(_state))
        {
            Directory.Delete(_state, recursive: true);
        }

        Directory.CreateDirectory(_state);
        File.SetUnixFileMode(_state, (UnixFileMode)0b111_111_111);
        File.WriteAllText(Path.Combine(_state, "chosen"), point);
    }

    /// <summary>Waits until the run halts; false when it ended without.</summary>
    public async Task<bool> HaltedAsync(ToolPod pod)
    {
        await Wait.ForAsync(() => Task.FromResult(pod.HasExited || File.Exists(Path.Combine(_state, "halted"))), "the chosen point or the end of the script");
        return File.Exists(Path.Combine(_state, "halted"));
    }

    /// <summary>Sends a run that halts after a COMMIT on, with the connection lost.</summary>
    public void Cut()
    {
        File.WriteAllText(Path.Combine(_state, "cut"), "");
        Go();
    }

    /// <summary>Sends a halted run on.</summary>
    public void Go() => File.WriteAllText(Path.Combine(_state, "go"), "");
}
