using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Secrets that are looked for everywhere, in every form in which a text may hold them.</summary>
internal sealed class Canaries
{
    /// <summary>Keys of Secrets whose values everybody may know.</summary>
    private static readonly string[] Public = ["VAPID_PUBLIC_KEY", "username", "ALLOWED_USER_IDS"];

    private readonly Dictionary<string, string> _names = [];

    /// <summary>How many there are.</summary>
    public int Count => _names.Count;

    /// <summary>Adds a value; of a bot token only what is behind the colon is secret. Short values are words of every text.</summary>
    public void Add(string name, string value)
    {
        var secret = name.EndsWith("TELEGRAM_BOT_TOKEN", StringComparison.Ordinal) ? value[(value.IndexOf(':', StringComparison.Ordinal) + 1)..] : value;
        if (secret.Trim().Length >= 8 && !Public.Any(known => name.EndsWith($".{known}", StringComparison.Ordinal)))
        {
            _names[secret.Trim()] = name;
        }
    }

    /// <summary>Adds every value of every Secret of a namespace, as they are now.</summary>
    public async Task AddAllAsync(TestBed bed, TestNamespace ns)
    {
        foreach (var secret in await bed.Objects.ListAsync(ResourceTypes.Secret, ns.Name))
        {
            if ((string?)secret["type"] is "kubernetes.io/service-account-token")
            {
                continue;
            }

            foreach (var (key, value) in secret["data"]?.AsObject() ?? [])
            {
                Add($"{secret["metadata"]!["name"]}.{key}", Encoding.UTF8.GetString(Convert.FromBase64String((string)value!)));
            }
        }
    }

    /// <summary>Which of them a text holds, by name.</summary>
    public IReadOnlyList<string> In(string text) =>
        [.. _names.Where(canary => Forms(canary.Key).Any(form => text.Contains(form, StringComparison.Ordinal))).Select(canary => canary.Value).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Forms(string secret) =>
    [
        secret,
        Uri.EscapeDataString(secret),
        JsonEncodedText.Encode(secret).ToString(),
        JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='),
    ];
}
