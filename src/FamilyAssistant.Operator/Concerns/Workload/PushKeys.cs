using System.Security.Cryptography;
using System.Text;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>The Web Push keys that the pod gets. To notice that they are others than before, a keyed fingerprint of them stands on the StatefulSet, outside the template.</summary>
internal static class PushKeys
{
    private const int HexLength = 32;

    /// <summary>The fingerprint; it tells nobody anything without <see cref="GeneratedKeys.HashKey"/>.</summary>
    public static string Fingerprint(WorkloadInputs inputs)
    {
        // From one place as a whole, as the pod gets them. A public key is derived from the private one where it is not given, so it adds nothing.
        var place = DataOf.ValueOf(inputs.Secret, GeneratedKeys.VapidPrivate) is not null ? inputs.Secret : inputs.Generated;
        var key = Encoding.UTF8.GetString(DataOf.ValueOf(place, GeneratedKeys.VapidPrivate) ?? []).TrimEnd('=', '\r', '\n');
        return Convert.ToHexStringLower(HMACSHA256.HashData(inputs.Generated![GeneratedKeys.HashKey], Encoding.UTF8.GetBytes($"push keys\n{key}")))[..HexLength];
    }

    /// <summary>What their change means, as the note of an event.</summary>
    /// <param name="subscriptions">Rows of <c>push_subscriptions</c>; null when nobody could count them.</param>
    public static string Consequence(long? subscriptions) => subscriptions switch
    {
        null => "The Web Push keys are others than before. An unknown number of push subscriptions is invalid now (the database did not say how many): whoever wants notifications has to subscribe again in the web interface.",
        0 => "The Web Push keys are others than before. Nobody had subscribed to push notifications.",
        1 => "The Web Push keys are others than before. 1 push subscription is invalid now: its owner has to subscribe again in the web interface.",
        { } count => $"The Web Push keys are others than before. {count} push subscriptions are invalid now: their owners have to subscribe again in the web interface.",
    };
}
