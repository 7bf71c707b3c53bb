using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.LocalCluster.Telegram;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>One state of an object that has to do with bots, as of a resourceVersion. Those of all kinds count the same revisions.</summary>
/// <param name="Epoch">Number of the run of watches that saw it; between two of them something may have been missed.</param>
/// <param name="Version">The revision.</param>
/// <param name="Key">Namespace and name.</param>
/// <param name="IsGone">The object was deleted with this revision.</param>
internal abstract record Sighting(int Epoch, long Version, string Key, bool IsGone)
{
    /// <summary>A pod; <paramref name="TokenFrom"/> is the Secret that its token comes from, null when it gets none this way.</summary>
    internal sealed record Pod(int Epoch, long Version, string Key, bool IsGone, string Uid, string? TokenFrom, bool HasEnded) : Sighting(Epoch, Version, Key, IsGone);

    /// <summary>A Secret with a token that containers are started with.</summary>
    internal sealed record Fence(int Epoch, long Version, string Key, bool IsGone, long? Bot, string Owner) : Sighting(Epoch, Version, Key, IsGone);

    /// <summary>The Lease that says who may use a bot.</summary>
    internal sealed record Claim(int Epoch, long Version, string Key, bool IsGone, long Bot, string Holder) : Sighting(Epoch, Version, Key, IsGone);

    /// <summary>From here on this epoch's sightings are all there are.</summary>
    internal sealed record Complete(int Epoch, long Version) : Sighting(Epoch, Version, "", IsGone: false);

    /// <summary>Suffix of the Secret's name.</summary>
    public const string FenceSuffix = "-telegram";

    /// <summary>Prefix of the Lease's name.</summary>
    public const string ClaimPrefix = "telegram-bot-";

    private const string TokenKey = "TELEGRAM_BOT_TOKEN";

    /// <summary>Reads an object; null for one that has nothing to do with bots.</summary>
    public static Sighting? Of(int epoch, string plural, JsonObject found, bool isGone)
    {
        var metadata = found["metadata"]!;
        var name = (string)metadata["name"]!;
        var key = $"{metadata["namespace"]}/{name}";
        var version = long.Parse((string)metadata["resourceVersion"]!, System.Globalization.CultureInfo.InvariantCulture);
        return plural switch
        {
            "pods" => new Pod(epoch, version, key, isGone, (string)metadata["uid"]!, FenceOf(found, (string)metadata["namespace"]!), (string?)found["status"]?["phase"] is "Succeeded" or "Failed"),
            "secrets" when name.EndsWith(FenceSuffix, StringComparison.Ordinal) => new Fence(epoch, version, key, isGone, BotOf(found), (string?)metadata["ownerReferences"]?[0]?["uid"] ?? ""),
            "leases" when name.StartsWith(ClaimPrefix, StringComparison.Ordinal) => new Claim(
                epoch, version, key, isGone, long.Parse(name[ClaimPrefix.Length..], System.Globalization.CultureInfo.InvariantCulture), (string?)found["spec"]?["holderIdentity"] ?? ""),
            _ => null,
        };
    }

    private static string? FenceOf(JsonObject pod, string ns) => pod["spec"]!["containers"]!.AsArray()
        .SelectMany(container => container!["env"] as JsonArray ?? [])
        .Where(variable => (string?)variable!["name"] == TokenKey)
        .Select(variable => (string?)variable!["valueFrom"]?["secretKeyRef"]?["name"])
        .Where(secret => secret?.EndsWith(FenceSuffix, StringComparison.Ordinal) == true)
        .Select(secret => $"{ns}/{secret}")
        .FirstOrDefault();

    private static long? BotOf(JsonObject secret) => (string?)secret["data"]?[TokenKey] is { } encoded
        ? BotToken.Parse(Encoding.ASCII.GetString(Convert.FromBase64String(encoded)))?.BotId
        : null;
}
