using System.Text;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.IntegrationTests.RuntimeTests;

/// <summary>ConfigMaps for tests.</summary>
internal static class Texts
{
    public static Manifest ConfigMap(string @namespace, string name, params (string Key, string Value)[] data) => new(
        ResourceTypes.ConfigMap,
        new ObjectKey(@namespace, name),
        Bytes($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}"},"data":{{{{string.Join(',', data.Select(entry => $"\"{entry.Key}\":\"{entry.Value}\""))}}}}}"""));

    public static Manifest OwnedConfigMap(string @namespace, string name, ClusterObject owner) => new(
        ResourceTypes.ConfigMap,
        new ObjectKey(@namespace, name),
        Bytes($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"{{{owner.Key.Name}}}","uid":"{{{owner.Uid}}}","controller":true}]}}"""));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string? Datum(ClusterObject? o, string key)
    {
        if (o is null)
        {
            return null;
        }

        using var document = System.Text.Json.JsonDocument.Parse(o.Json);
        return document.RootElement.TryGetProperty("data", out var data) && data.TryGetProperty(key, out var value) ? value.GetString() : null;
    }
}
