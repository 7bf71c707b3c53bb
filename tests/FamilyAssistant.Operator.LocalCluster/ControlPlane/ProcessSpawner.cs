using System.Collections.Concurrent;
using System.Diagnostics;

namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>
/// Starts processes from one thread that lives as long as this process. The kernel sends a child its parent-death signal when the
/// <em>thread</em> that started it ends, and threads of the pool end after some idle seconds: a child started from one would be killed then.
/// </summary>
public static class ProcessSpawner
{
    private static readonly BlockingCollection<Action> Work = StartThread();

    /// <summary>Starts a process as <see cref="Process.Start(ProcessStartInfo)"/> does.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start"));
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                started.SetException(e);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<Action> StartThread()
    {
        var work = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "process spawner" };
        thread.Start();
        return work;
    }
}
