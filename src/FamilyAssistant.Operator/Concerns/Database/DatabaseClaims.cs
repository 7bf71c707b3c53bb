using System.Runtime.CompilerServices;
using System.Text.Json;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>
/// Who uses which external database. The oldest instance keeps it; nothing is stored, so that the answer is the same for everybody and after every restart.
/// </summary>
internal sealed class DatabaseClaims
{
    /// <summary>Each snapshot of an instance is parsed once, not once for every other instance's pass.</summary>
    private readonly ConditionalWeakTable<ClusterObject, Claim> _claims = [];

    /// <summary>
    /// The oldest other instance on the same database that is older than this one, or null. An instance that is being deleted counts until it is gone: its pod still writes.
    /// The database of a managed server is its instance's own, however young that is.
    /// </summary>
    public ObjectIdentity? HolderBefore(ClusterObject instance, IEnumerable<ClusterObject> all)
    {
        var own = ClaimOf(instance);
        return own.Database is null || own.IsManaged
            ? null
            : all.Where(other => other.Uid != instance.Uid)
                .Select(ClaimOf)
                .Where(claim => claim.Database == own.Database && (claim.IsManaged || claim.Holder.IsOlderThan(own.Holder)))
                .Select(claim => claim.Holder)
                .Aggregate((ObjectIdentity?)null, (oldest, holder) => oldest is null || holder.IsOlderThan(oldest) ? holder : oldest);
    }

    private Claim ClaimOf(ClusterObject source) => _claims.GetValue(source, static source => Read(source));

    private static Claim Read(ClusterObject source)
    {
        try
        {
            var instance = source.Read(ApiJsonContext.Default.FamilyAssistantInstance);
            return new Claim(
                ObjectIdentity.Of(source, instance.Metadata.CreationTimestamp),
                instance.Spec.Database.External is { } external ? Identity(external.Host, external.Port, external.Name, source.Key.Namespace) : Managed(source.Key),
                instance.Spec.Database.External is null);
        }
        catch (JsonException)
        {
            // One unreadable instance must not stop the passes of all others; it has no pod either.
            return new Claim(ObjectIdentity.Of(source, null), null, IsManaged: false);
        }
    }

    private static string Managed(ObjectKey instance)
    {
        var target = DatabasePlan.Managed(instance.Namespace, instance.Name, "");
        return Identity(target.Host, target.Port, target.Name, instance.Namespace);
    }

    /// <summary>One spelling for the spellings of a Service's name; different names of one server are beyond what can be known from here.</summary>
    private static string Identity(string name, int port, string database, string @namespace)
    {
        var host = name.ToLowerInvariant();
        if (!host.Contains('.') && host != "localhost")
        {
            host = $"{host}.{@namespace}.svc";
        }

        const string Suffix = ".svc.cluster.local";
        if (host.EndsWith(Suffix, StringComparison.Ordinal))
        {
            host = host[..^".cluster.local".Length];
        }

        return $"{host}:{port}/{database}";
    }

    private sealed record Claim(ObjectIdentity Holder, string? Database, bool IsManaged);
}
