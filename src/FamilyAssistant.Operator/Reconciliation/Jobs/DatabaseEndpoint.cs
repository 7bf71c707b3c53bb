using System.Globalization;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation.Sets;
using k8s.Models;

namespace FamilyAssistant.Operator.Reconciliation.Jobs;

/// <summary>How a Job reaches an instance's database, in libpq's own variables. Name and password of the role stay in the Secret where they are. Pure.</summary>
/// <param name="Host">Host of the server.</param>
/// <param name="Port">Its port.</param>
/// <param name="Name">The database.</param>
/// <param name="SslMode">As libpq calls it.</param>
/// <param name="Secret">Secret with name and password of the role.</param>
/// <param name="UsernameKey">Key of the name.</param>
/// <param name="PasswordKey">Key of the password.</param>
internal sealed record DatabaseEndpoint(string Host, int Port, string Name, string SslMode, string Secret, string UsernameKey, string PasswordKey)
{
    /// <summary>That of an instance.</summary>
    /// <param name="namespace">Namespace of the instance.</param>
    /// <param name="instance">Its name.</param>
    /// <param name="spec">Its database.</param>
    public static DatabaseEndpoint Of(string @namespace, string instance, DatabaseSpec spec) => spec.External is { } external
        ? new DatabaseEndpoint(
            external.Host,
            external.Port,
            external.Name,
            external.SslMode.ToString().ToLowerInvariant(),
            external.CredentialsSecretRef.Name,
            external.CredentialsSecretRef.UsernameKey,
            external.CredentialsSecretRef.PasswordKey)
        : new DatabaseEndpoint(
            ManagedServer.HostOf(@namespace, instance),
            ManagedServer.Port,
            ManagedServer.Database,

            // The official images come without a certificate, and nobody but pods of this instance and the operator may connect.
            "disable",
            ObjectNames.ManagedDatabaseSecret(instance),
            ManagedServer.UsernameKey,
            ManagedServer.PasswordKey);

    /// <summary>The variables.</summary>
    public IReadOnlyList<V1EnvVar> Variables =>
    [
        ToolJob.Value(ToolEnvironment.Host, Host),
        ToolJob.Value(ToolEnvironment.Port, Port.ToString(CultureInfo.InvariantCulture)),
        ToolJob.Value(ToolEnvironment.Database, Name),
        ToolJob.Value(ToolEnvironment.SslMode, SslMode),
        ToolJob.SecretValue(ToolEnvironment.User, Secret, UsernameKey),
        ToolJob.SecretValue(ToolEnvironment.Password, Secret, PasswordKey),
    ];
}
