using FamilyAssistant.Operator.Api;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Which of two Secrets the application has a key from: a key of the user's own Secret wins, and the Web Push pair is taken from one place as a whole. Pure.</summary>
internal static class KeysInForce
{
    /// <summary>The value in force; null when there is none.</summary>
    /// <param name="name">Name of the variable.</param>
    /// <param name="own">Data of the Secret that <c>spec.secretRef</c> names; null without one.</param>
    /// <param name="generated">Data of the Secret of generated keys; null without one.</param>
    public static byte[]? ValueOf(string name, IReadOnlyDictionary<string, byte[]>? own, IReadOnlyDictionary<string, byte[]>? generated) =>
        DataOf.ValueOf(own, name) ?? (name is GeneratedKeys.VapidPrivate or GeneratedKeys.VapidPublic && HasPair(own) ? null : DataOf.ValueOf(generated, name));

    private static bool HasPair(IReadOnlyDictionary<string, byte[]>? own) =>
        DataOf.ValueOf(own, GeneratedKeys.VapidPrivate) is not null || DataOf.ValueOf(own, GeneratedKeys.VapidPublic) is not null;
}
