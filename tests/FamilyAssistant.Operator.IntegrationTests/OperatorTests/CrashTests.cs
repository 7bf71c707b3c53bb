using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>
/// The operator dies after each write of its work, one after the other, and its successor comes to what an undisturbed run comes to. The write before the
/// crash is done, and nobody knows of it.
/// </summary>
public sealed class CrashTests(OwnCluster own) : IClassFixture<OwnCluster>
{
    /// <summary>More than there are; the run that needs no crash any more ends the loop.</summary>
    private const int MostWrites = 40;

    private static readonly ResourceType[] Types =
    [
        ResourceTypes.StatefulSet, ResourceTypes.Service, ResourceTypes.ServiceAccount, ResourceTypes.NetworkPolicy, ResourceTypes.Ingress,
        ResourceTypes.Secret, ResourceTypes.PersistentVolumeClaim,
    ];

    private static long _bot = 5400;

    private TestBed Bed => own.Bed;

    [Fact]
    public async Task Killed_after_any_write_of_a_creation_the_operator_comes_to_the_same_end()
    {
        var reference = await UndisturbedAsync();

        for (var last = 1; last <= MostWrites; last++)
        {
            await using var ns = await Bed.CreateNamespaceAsync();
            var instance = await Bed.CreateAsync(ns, Described(await ExternalDatabase.CreateAsync(Bed)));
            if (!await CrashAfterAsync(ns, last, instance.WaitUntilReadyAsync))
            {
                last.ShouldBeGreaterThan(8, "an instance has more objects than that");
                return;
            }

            await using var successor = await own.StartOperatorAsync($"after-{last}");
            Bed.Operator = successor;
            await instance.WaitUntilReadyAsync();
            (await PictureAsync(ns)).ShouldBe(reference, $"after a crash behind write {last}");
            (await ClaimsOfAsync(ns)).Count.ShouldBe(1, $"after a crash behind write {last}");
            (await Bed.CreatesAsync(ns)).ShouldAllBe(made => made.Value == 1, $"after a crash behind write {last}");
        }

        Assert.Fail($"still not settled after {MostWrites} writes");
    }

    [Fact]
    public async Task Killed_after_any_write_of_a_deletion_the_operator_finishes_it()
    {
        for (var last = 1; last <= MostWrites; last++)
        {
            await using var ns = await Bed.CreateNamespaceAsync();
            var instance = await Bed.CreateAsync(ns, Described(await ExternalDatabase.CreateAsync(Bed)).With("deletionPolicy", "Delete"));
            await using (var first = await own.StartOperatorAsync($"before-deletion-{last}"))
            {
                Bed.Operator = first;
                await instance.WaitUntilReadyAsync();
            }

            await instance.DeleteAsync();
            if (!await CrashAfterAsync(ns, last, instance.WaitUntilGoneAsync))
            {
                last.ShouldBeGreaterThan(3, "workload, claim, Secret and finalizer are writes of their own");
                return;
            }

            await using var successor = await own.StartOperatorAsync($"after-deletion-{last}");
            Bed.Operator = successor;
            await instance.WaitUntilGoneAsync();
            await instance.WaitForAsync(async () => (await PictureAsync(ns)).Length == 0, "the end of every object");
            (await ClaimsOfAsync(ns)).ShouldBeEmpty($"after a crash behind write {last}");
        }

        Assert.Fail($"still not gone after {MostWrites} writes");
    }

    /// <summary>With a bot of its own: the instance of a run before may still have its.</summary>
    private static InstanceBuilder Described(ExternalDatabase database) => InstanceBuilder.External(database).With("replicas", 0).WithBot(Interlocked.Increment(ref _bot))
        .With("web", JsonNode.Parse("""{"host":"a.example.com","webhooks":{"host":"b.example.com"}}"""));

    /// <summary>Runs an operator and kills it behind its write of this number; false when it came to <paramref name="end"/> with fewer.</summary>
    private async Task<bool> CrashAfterAsync(TestNamespace ns, int last, Func<Task> end)
    {
        await using var gate = await WriteGate.StartAsync(Bed.Cluster.Access, Bed.Cluster.DataDirectory, ns.Name, last);
        await using var victim = await own.StartOperatorAsync($"victim-{ns}", through: gate);
        Bed.Operator = victim;
        var done = end();
        if (await Task.WhenAny(gate.Reached, done) == done)
        {
            await done;
            return false;
        }

        victim.Kill();
        // The end may be reached although the operator never heard of its last write; whether it is, the successor shows.
        _ = done.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        return true;
    }

    private async Task<string> UndisturbedAsync()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, Described(await ExternalDatabase.CreateAsync(Bed)));
        await using var undisturbed = await own.StartOperatorAsync("undisturbed");
        Bed.Operator = undisturbed;
        await instance.WaitUntilReadyAsync();
        return await PictureAsync(ns);
    }

    /// <summary>Every object of the instance, without what is another in each namespace.</summary>
    private async Task<string> PictureAsync(TestNamespace ns)
    {
        List<string> objects = [];
        foreach (var type in Types)
        {
            foreach (var found in await Bed.Objects.ListAsync(type, ns.Name, WireNames.InstanceLabel))
            {
                found["apiVersion"] = type.ApiVersion;
                found["kind"] = type.Kind;
                Mask(found);
                objects.Add(SettledPicture.Of(found).Replace(ns.Name, "NAMESPACE", StringComparison.Ordinal));
            }
        }

        return string.Join('\n', objects.Order(StringComparer.Ordinal));
    }

    private async Task<IReadOnlyList<string>> ClaimsOfAsync(TestNamespace ns) => [.. (await Bed.Objects.ListAsync(ResourceTypes.Lease, OperatorNames.Namespace, WireNames.ClaimLabel))
        .Select(lease => lease["spec"]!["holderIdentity"]!.GetValue<string>()).Where(holder => holder.StartsWith(ns.Name + "/", StringComparison.Ordinal))];

    private static void Mask(JsonObject found)
    {
        foreach (var owner in found["metadata"]!["ownerReferences"] as JsonArray ?? [])
        {
            owner!["uid"] = "UID";
        }

        if (found["data"] is JsonObject data)
        {
            // Random, and by its length told from an empty or a half-written one.
            found["data"] = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value!.GetValue<string>().Length)));
        }

        if (found["metadata"]!["annotations"]?[WireNames.PushKeysAnnotation] is not null)
        {
            found["metadata"]!["annotations"]![WireNames.PushKeysAnnotation] = "FINGERPRINT";
        }

        if (found["spec"]?["template"]?["metadata"]?["annotations"] is JsonObject annotations)
        {
            annotations[WireNames.ConfigHashAnnotation] = "HASH";
        }
    }
}
