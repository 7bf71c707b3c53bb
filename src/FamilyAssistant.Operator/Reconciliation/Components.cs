using FamilyAssistant.Operator.Api;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>The parts of an instance and the labels of their objects.</summary>
internal static class Components
{
    /// <summary>The application.</summary>
    public const string App = "app";

    /// <summary>The managed PostgreSQL.</summary>
    public const string Database = "database";

    /// <summary>Backups: their objects, the Jobs that make and prove sets, and the volume of the sets.</summary>
    public const string Backup = "backup";

    /// <summary>Labels of every object of a component. No version is among them: an operator upgrade must not change an object.</summary>
    public static Dictionary<string, string> Labels(string instance, string component) => new()
    {
        ["app.kubernetes.io/name"] = "family-assistant",
        ["app.kubernetes.io/part-of"] = "family-assistant",
        [WireNames.ManagedByLabel] = WireNames.ManagedByValue,
        [WireNames.ComponentLabel] = component,
        [WireNames.InstanceLabel] = instance,
    };
}
