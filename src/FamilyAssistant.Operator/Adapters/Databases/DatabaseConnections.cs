using System.Net;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Ports;
using Npgsql;
using SslMode = FamilyAssistant.Operator.Api.Instances.SslMode;

namespace FamilyAssistant.Operator.Adapters.Databases;

/// <summary>Connections to the databases of instances.</summary>
internal static class DatabaseConnections
{
    /// <summary>
    /// One unpooled connection at a time, to the address that was checked, not to whatever the name means a moment later. TLS still asks for the server by its name.
    /// </summary>
    public static NpgsqlDataSource To(IPAddress address, DatabaseTarget target)
    {
        var builder = new NpgsqlSlimDataSourceBuilder();
        var settings = builder.ConnectionStringBuilder;
        settings.Host = address.ToString();
        settings.Port = target.Port;
        settings.Database = target.Name;
        settings.Username = target.Username;
        settings.Password = target.Password;
        settings.ApplicationName = WireNames.FieldManager;
        settings.SslMode = target.SslMode switch
        {
            SslMode.Require => Npgsql.SslMode.Require,
            SslMode.Disable => Npgsql.SslMode.Disable,
            _ => Npgsql.SslMode.Prefer,
        };
        settings.GssEncryptionMode = GssEncryptionMode.Disable;
        settings.Pooling = false;
        settings.Enlist = false;
        settings.Timeout = 5;
        settings.CommandTimeout = 10;
        settings.KeepAlive = 5;

        // A server that does not answer a query does not answer a request to cancel it either.
        settings.CancellationTimeout = -1;

        // The queries that load types would run before the search path is pinned.
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        builder.EnableTransportSecurity();
        if (!IPAddress.TryParse(target.Host, out _))
        {
            builder.UseSslClientAuthenticationOptionsCallback(options => options.TargetHost = target.Host);
        }

        return builder.Build();
    }
}
