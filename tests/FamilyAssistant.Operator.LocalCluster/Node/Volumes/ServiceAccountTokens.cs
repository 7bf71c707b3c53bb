using FamilyAssistant.Operator.LocalCluster.Node.Pods;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Volumes;

/// <summary>The tokens of one pod's ServiceAccount, asked for anew when four fifths of their time have passed.</summary>
internal sealed class ServiceAccountTokens(IPodObjects objects, TimeProvider clock)
{
    private const double RenewAfter = 0.8;
    private const long DefaultSeconds = 3600;
    private readonly Dictionary<(string? Audience, long Seconds), (string Text, DateTimeOffset RenewAt)> _tokens = [];

    /// <summary>When the first of them is due; null without any.</summary>
    public DateTimeOffset? RenewAt => _tokens.Count == 0 ? null : _tokens.Values.Min(token => token.RenewAt);

    public async Task<string> GetAsync(V1Pod pod, V1ServiceAccountTokenProjection projection, CancellationToken cancellation)
    {
        var key = (projection.Audience, projection.ExpirationSeconds ?? DefaultSeconds);
        var now = clock.GetUtcNow();
        if (_tokens.TryGetValue(key, out var known) && known.RenewAt > now)
        {
            return known.Text;
        }

        var made = await objects.TokenAsync(pod, projection.Audience, key.Item2, cancellation);
        var life = new DateTimeOffset(DateTime.SpecifyKind(made.ExpirationTimestamp!.Value, DateTimeKind.Utc)) - now;
        _tokens[key] = (made.Token, now + (life * RenewAfter));
        return made.Token;
    }
}
