using System.Collections.Concurrent;
using System.Net;
using System.Text;
using FamilyAssistant.Operator.LocalCluster.Node.Watching;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Network;

/// <summary>Addresses of pods and their hosts files.</summary>
internal sealed class PodNetwork : IPodNetwork, IAsyncDisposable
{
    private readonly NodeWatches _watches;
    private readonly PodAddresses _addresses;
    private readonly string _folder;
    private readonly PassLoop _loop;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Attached> _attached = [];
    private readonly ConcurrentDictionary<string, string> _extraNames = new();

    public PodNetwork(NodeWatches watches, NodeSettings settings, Action<string> log)
    {
        _watches = watches;
        _addresses = new PodAddresses(settings.Range);
        _folder = Path.Combine(settings.DataDirectory, "hosts");
        Directory.CreateDirectory(_folder);
        _loop = new PassLoop("hosts files", RewriteAsync, log);
        watches.Services.Changed += (_, _) => _loop.Wake();
        watches.Pods.Changed += (_, _) => _loop.Wake();
    }

    public void Start() => _loop.Start();

    /// <summary>Makes a full name known to every pod, for example that of a Service of a cluster that this one stands for; a Service of this name wins.</summary>
    public void AddName(string fullName, IPAddress address)
    {
        _extraNames[fullName] = address.ToString();
        _loop.Wake();
    }

    public PodAttachment Attach(V1Pod pod)
    {
        lock (_gate)
        {
            if (!_attached.TryGetValue(pod.Metadata.Uid, out var attached))
            {
                var (number, address) = _addresses.Take();
                var file = Path.Combine(_folder, pod.Metadata.Uid);
                attached = new Attached(number, new PodAttachment(address.ToString(), file), pod.Metadata.NamespaceProperty, HostsTable.OwnNames(pod));
                _attached.Add(pod.Metadata.Uid, attached);
                attached.Write(Table());
            }

            return attached.Attachment;
        }
    }

    public void Detach(string podUid)
    {
        lock (_gate)
        {
            if (_attached.Remove(podUid, out var attached))
            {
                File.Delete(attached.Attachment.HostsFile);
                _addresses.Free(attached.Number);
            }
        }
    }

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private HostsTable Table() => new([.. _watches.Services.Items], [.. _watches.Pods.Items], _extraNames);

    private Task RewriteAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            var table = Table();
            foreach (var attached in _attached.Values)
            {
                attached.Write(table);
            }
        }

        return Task.CompletedTask;
    }

    private sealed class Attached(int number, PodAttachment attachment, string @namespace, IReadOnlyList<string> names)
    {
        private string _written = "";

        public int Number => number;

        public PodAttachment Attachment => attachment;

        /// <summary>In place, because a mount is of the file and not of its name; the old tail goes last, so that no reader meets an empty file.</summary>
        public void Write(HostsTable table)
        {
            var text = table.Render(@namespace, attachment.Address, names);
            if (text != _written)
            {
                using var file = new FileStream(attachment.HostsFile, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                var bytes = Encoding.UTF8.GetBytes(text);
                file.Write(bytes);
                file.SetLength(bytes.Length);
                _written = text;
            }
        }
    }
}
