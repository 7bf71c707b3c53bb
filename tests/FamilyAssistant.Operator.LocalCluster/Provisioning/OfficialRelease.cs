using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FamilyAssistant.Operator.LocalCluster.Provisioning;

/// <summary>
/// The projects' own binaries from their public download sites, each checked against the checksum that the release publishes.
/// The first connection that fails ends it: a machine without access must not wait.
/// </summary>
internal sealed class OfficialRelease(Uri kubernetesSite, Uri etcdSite, Action<string> progress)
{
    public const string KubernetesVersion = "v1.34.2";
    public const string EtcdVersion = "v3.6.13";

    private static readonly string[] Programs = ["kube-apiserver", "kube-controller-manager", "kubectl"];

    public static string CacheKey => $"official-{KubernetesVersion}-etcd-{EtcdVersion}";

    public static Uri KubernetesSite { get; } = new("https://dl.k8s.io/");

    public static Uri EtcdSite { get; } = new("https://github.com/etcd-io/etcd/releases/download/");

    private static string Architecture => RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>Downloads everything into <paramref name="target"/>, which appears complete or not at all.</summary>
    public async Task FetchAsync(string target, CancellationToken cancellation)
    {
        var partial = target + ".partial-" + Guid.NewGuid().ToString("N");
        Directory.CreateDirectory(partial);
        try
        {
            using var http = CreateClient();
            foreach (var program in Programs)
            {
                var address = new Uri(kubernetesSite, $"{KubernetesVersion}/bin/linux/{Architecture}/{program}");
                // The checksum first: it is small, so a machine without access fails at once.
                var expected = (await http.GetStringAsync(address + ".sha256", cancellation)).Trim();
                await DownloadAsync(http, address, Path.Combine(partial, program), expected, cancellation);
                MakeExecutable(Path.Combine(partial, program));
            }

            await FetchEtcdAsync(http, partial, cancellation);
            if (!Directory.Exists(target))
            {
                Directory.Move(partial, target);
            }
        }
        finally
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }
    }

    private async Task FetchEtcdAsync(HttpClient http, string folder, CancellationToken cancellation)
    {
        var archive = $"etcd-{EtcdVersion}-linux-{Architecture}.tar.gz";
        var sums = await http.GetStringAsync(new Uri(etcdSite, $"{EtcdVersion}/SHA256SUMS"), cancellation);
        var expected = sums.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(words => words.Length == 2 && words[1] == archive)?[0]
            ?? throw new ProvisioningException($"SHA256SUMS of etcd {EtcdVersion} does not name {archive}");
        var file = Path.Combine(folder, archive);
        await DownloadAsync(http, new Uri(etcdSite, $"{EtcdVersion}/{archive}"), file, expected, cancellation);
        await using (var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress))
        await using (var tar = new TarReader(gzip))
        {
            while (await tar.GetNextEntryAsync(cancellationToken: cancellation) is { } entry)
            {
                if (entry.Name.EndsWith("/etcd", StringComparison.Ordinal) && entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                {
                    await entry.ExtractToFileAsync(Path.Combine(folder, "etcd"), overwrite: true, cancellation);
                }
            }
        }

        File.Delete(file);
        MakeExecutable(Path.Combine(folder, "etcd"));
    }

    private async Task DownloadAsync(HttpClient http, Uri address, string file, string expectedSha256, CancellationToken cancellation)
    {
        progress($"downloading {address}");
        using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.EnsureSuccessStatusCode();
        await using (var from = await answer.Content.ReadAsStreamAsync(cancellation))
        await using (var to = File.Create(file))
        {
            await CopyAsync(from, to, answer.Content.Headers.ContentLength, cancellation);
        }

        await using var written = File.OpenRead(file);
        var actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(written, cancellation));
        if (!actual.Equals(expectedSha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new ProvisioningException($"{address} does not have the published checksum: expected {expectedSha256}, got {actual}");
        }
    }

    private async Task CopyAsync(Stream from, Stream to, long? length, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 17];
        long copied = 0;
        var last = TimeProvider.System.GetTimestamp();
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        while (true)
        {
            silence.CancelAfter(TimeSpan.FromSeconds(20));
            var read = await from.ReadAsync(buffer, silence.Token);
            if (read == 0)
            {
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
            copied += read;
            if (TimeProvider.System.GetElapsedTime(last) > TimeSpan.FromSeconds(5))
            {
                last = TimeProvider.System.GetTimestamp();
                progress($"  {copied >> 20} MiB{(length is { } total ? $" of {total >> 20}" : "")}");
            }
        }
    }

    private static HttpClient CreateClient()
        // The time limit is for an answer's headers; a body has its own limit of silence.
        => new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(4) }) { Timeout = TimeSpan.FromSeconds(15) };

    private static void MakeExecutable(string file)
        => File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
}
