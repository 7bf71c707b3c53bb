using System.Globalization;
using System.Text;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>Runbook 4.3: a new pair of Web Push keys. Every push subscription ends; the evidence says how many there were, and both public keys.</summary>
internal sealed class RotateVapidKeysHandler(IClusterApi api, IPushSubscriptions subscriptions) : RotationHandler(api)
{
    private const string PublicKeyEvidence = "vapid.publicKey";
    private const string SubscriptionsEvidence = "push_subscriptions";
    private const string Unknown = "unknown";

    /// <inheritdoc />
    public override OperationAction Action => OperationAction.RotateVapidKeys;

    /// <inheritdoc />
    protected override IReadOnlyList<string> Keys { get; } = [GeneratedKeys.VapidPrivate, GeneratedKeys.VapidPublic];

    /// <inheritdoc />
    protected override string Purpose(IReadOnlyDictionary<string, string> before) =>
        $"Replaces {GeneratedKeys.VapidPrivate} and {GeneratedKeys.VapidPublic} in the Secret of generated keys, and with them the pod once. {Ends(before[SubscriptionsEvidence])}";

    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, string> NewValues()
    {
        var pair = VapidKey.Generate();
        return new Dictionary<string, string> { [GeneratedKeys.VapidPrivate] = pair.Private, [GeneratedKeys.VapidPublic] = pair.Public };
    }

    /// <inheritdoc />
    protected override async ValueTask<Dictionary<string, string>> EvidenceAsync(ProcedurePass<FamilyAssistantOperation> pass, IReadOnlyDictionary<string, byte[]> generated, bool isBefore, CancellationToken ct)
    {
        var evidence = new Dictionary<string, string> { [PublicKeyEvidence] = Encoding.UTF8.GetString(DataOf.ValueOf(generated, GeneratedKeys.VapidPublic) ?? []) };
        if (isBefore)
        {
            evidence[SubscriptionsEvidence] = await CountAsync(pass, ct) is { } count ? count.ToString(CultureInfo.InvariantCulture) : Unknown;
        }

        return evidence;
    }

    private static string Ends(string subscriptions) => subscriptions switch
    {
        Unknown => "An unknown number of push subscriptions ends: the database does not say how many there are.",
        "0" => "Nobody has subscribed to push notifications.",
        "1" => "1 push subscription ends; its owner has to subscribe again in the web interface.",
        var count => $"{count} push subscriptions end; their owners have to subscribe again in the web interface.",
    };

    private async ValueTask<long?> CountAsync(ProcedurePass<FamilyAssistantOperation> pass, CancellationToken ct)
    {
        var database = DataOf.Secret(await ReadAsync(pass, ResourceTypes.Secret, ObjectNames.DatabaseSecret(pass.InstanceName), ct));
        return DataOf.ValueOf(database, AppContract.DatabaseUrl) is { } url ? await subscriptions.CountAsync(pass.Namespace, Encoding.UTF8.GetString(url), ct) : null;
    }
}
