using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>A new session secret: every session of the web interface ends, also a stolen one.</summary>
internal sealed class RotateSessionSecretHandler(IClusterApi api) : RotationHandler(api)
{
    /// <inheritdoc />
    public override OperationAction Action => OperationAction.RotateSessionSecret;

    /// <inheritdoc />
    protected override IReadOnlyList<string> Keys { get; } = [GeneratedKeys.SessionSecret];

    /// <inheritdoc />
    protected override string Purpose(IReadOnlyDictionary<string, string> before) =>
        $"Replaces {GeneratedKeys.SessionSecret} in the Secret of generated keys, and with it the pod once. Everybody has to log in to the web interface again.";

    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, string> NewValues() => new Dictionary<string, string> { [GeneratedKeys.SessionSecret] = SecretsManifest.NewRandom() };

    /// <inheritdoc />
    protected override ValueTask<Dictionary<string, string>> EvidenceAsync(ProcedurePass<FamilyAssistantOperation> pass, IReadOnlyDictionary<string, byte[]> generated, bool isBefore, CancellationToken ct) => new([]);
}
