using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Rules about <c>spec.database</c>.</summary>
internal static class DatabaseRules
{
    private static readonly Scope<DatabaseSpec> Database = Scope<DatabaseSpec>.Single("spec.database", s => s.Database);
    private static readonly Scope<ExternalDatabaseSpec> External = Database.Member("external", d => d.External);
    internal static readonly Scope<ManagedDatabaseSpec> Managed = Database.Member("managed", d => d.Managed);

    // Loopback proper (127.0.0.0/8) is judged after name resolution by the operator, which knows whether its cluster uses it for pods.
    private static readonly string[] ForbiddenHosts = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"];
    private static readonly string[] ForbiddenPrefixes = ["169.254.", "0.", "kubernetes.default.svc."];

    public static IEnumerable<InstanceRule> All =>
    [
        new StateRule<DatabaseSpec>(Database, d => d.External is null != d.Managed is null)
        {
            Id = "database-one-of",
            Cel = "has(self.external) != has(self.managed)",
            Message = "exactly one of external and managed must be set",
        },
        new TransitionRule<DatabaseSpec>(Database, (old, now) => old.External is null == now.External is null)
        {
            Id = "database-kind-immutable",
            Cel = "has(self.external) == has(oldSelf.external)",
            Message = "a database cannot change between external and managed: the data would stay behind; create another instance and restore a backup into it",
            Reason = "FieldValueForbidden",
        },
        new StateRule<ExternalDatabaseSpec>(External, e => !IsForbidden(e.Host))
        {
            Id = "database-host-reachable",
            Cel = $"!(self.host in {Cel.List(ForbiddenHosts)}) && !({Cel.StartsWithAny("self.host", ForbiddenPrefixes)})",
            Message = "must name a database server, not the pod itself, the API server or a link-local address",
            FieldPath = ".host",
        },
        new TransitionRule<ManagedDatabaseSpec>(Managed, (old, now) => Quantity.AtMost(old.Storage, now.Storage))
        {
            Id = "database-storage-grows",
            Cel = Cel.NotSmaller("storage"),
            Message = "a volume can grow but never shrink",
            FieldPath = ".storage",
        },
        new TransitionRule<ManagedDatabaseSpec>(Managed, (old, now) => old.StorageClassName == now.StorageClassName)
        {
            Id = "database-storage-class-immutable",
            Cel = Cel.Unchanged("storageClassName"),
            Message = "the storage class of an existing volume cannot be changed",
            FieldPath = ".storageClassName",
            Reason = "FieldValueForbidden",
        },
    ];

    private static bool IsForbidden(string host) =>
        ForbiddenHosts.Contains(host) || ForbiddenPrefixes.Any(p => host.StartsWith(p, StringComparison.Ordinal));
}
