using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Api;
using Shouldly;
using YamlDotNet.Serialization;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>Compares manifests with the YAML files of a case; <c>UPDATE_GOLDEN=1</c> rewrites them, for a person to look at.</summary>
internal static class Golden
{
    private static readonly ISerializer Yaml = new SerializerBuilder().DisableAliases().WithQuotingNecessaryStrings().Build();

    public static void ShouldMatch(string folder, params IEnumerable<Manifest> manifests)
    {
        var directory = Repository.PathOf("tests", "FamilyAssistant.Operator.Tests", "Golden", folder);
        foreach (var manifest in manifests)
        {
            var file = Path.Combine(directory, $"{manifest.Type.Kind.ToLowerInvariant()}-{manifest.Key.Name}.yaml");
            var actual = Text(manifest);
            if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            {
                Environment.GetEnvironmentVariable("CI").ShouldBeNullOrEmpty("golden files are never rewritten in CI");
                Directory.CreateDirectory(directory);
                File.WriteAllText(file, actual);
            }

            File.Exists(file).ShouldBeTrue($"{file} is missing: run the test with UPDATE_GOLDEN=1 and look at what it wrote");
            actual.ShouldBe(File.ReadAllText(file), file);
        }
    }

    private static string Text(Manifest manifest) => Yaml.Serialize(Plain(JsonNode.Parse(manifest.Json.Span)!)!).ReplaceLineEndings("\n");

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => members.ToDictionary(member => member.Key, member => Plain(member.Value)),
        JsonArray items => items.Select(Plain).ToList(),
        _ => node.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => node.GetValue<string>(),
            System.Text.Json.JsonValueKind.Number => node.GetValue<long>(),
            _ => node.GetValue<bool>(),
        },
    };
}
