using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.LocalClusterTests;

/// <summary>Custom resources work as the operator uses them; a control plane built with a wrong map iterator dies at the first one.</summary>
public sealed class CustomResourceTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_side_apply_of_an_object_and_of_its_status_keeps_both_apart()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var group = $"{ns.Name}.example.com";
        await CreateDefinitionAsync(group);
        try
        {
            var applied = await ApplyAsync(group, ns.Name, new JsonObject { ["spec"] = new JsonObject { ["size"] = 3 }, ["status"] = new JsonObject { ["ready"] = 9 } }, status: false);
            applied["status"].ShouldBeNull("the status of a write to the object itself is ignored");

            await ApplyAsync(group, ns.Name, new JsonObject { ["status"] = new JsonObject { ["ready"] = 3 } }, status: true);
            var again = await ApplyAsync(group, ns.Name, new JsonObject { ["spec"] = new JsonObject { ["size"] = 4 } }, status: false);

            again["spec"]!["size"]!.GetValue<int>().ShouldBe(4);
            again["status"]!["ready"]!.GetValue<int>().ShouldBe(3);
            again["metadata"]!["generation"]!.GetValue<int>().ShouldBe(2);
        }
        finally
        {
            await fixture.Client.ApiextensionsV1.DeleteCustomResourceDefinitionAsync($"widgets.{group}", cancellationToken: Cancellation);
        }
    }

    private async Task<JsonNode> ApplyAsync(string group, string ns, JsonObject content, bool status)
    {
        content["apiVersion"] = $"{group}/v1";
        content["kind"] = "Widget";
        content["metadata"] = new JsonObject { ["name"] = "one" };
        var patch = new V1Patch(content.ToJsonString(), V1Patch.PatchType.ApplyPatch);
        var custom = fixture.Client.CustomObjects;
        var answer = status
            ? await custom.PatchNamespacedCustomObjectStatusAsync<JsonNode>(patch, group, "v1", ns, "widgets", "one", fieldManager: "tests-status", force: true, cancellationToken: Cancellation)
            : await custom.PatchNamespacedCustomObjectAsync<JsonNode>(patch, group, "v1", ns, "widgets", "one", fieldManager: "tests", force: true, cancellationToken: Cancellation);
        return answer;
    }

    private async Task CreateDefinitionAsync(string group)
    {
        static V1JSONSchemaProps Number(string name) => new() { Type = "object", Properties = new Dictionary<string, V1JSONSchemaProps> { [name] = new() { Type = "integer" } } };
        var schema = new V1JSONSchemaProps
        {
            Type = "object",
            Properties = new Dictionary<string, V1JSONSchemaProps> { ["spec"] = Number("size"), ["status"] = Number("ready") },
        };
        var definition = new V1CustomResourceDefinition
        {
            Metadata = new V1ObjectMeta { Name = $"widgets.{group}" },
            Spec = new V1CustomResourceDefinitionSpec
            {
                Group = group,
                Scope = "Namespaced",
                Names = new V1CustomResourceDefinitionNames { Kind = "Widget", Plural = "widgets", Singular = "widget" },
                Versions =
                [
                    new V1CustomResourceDefinitionVersion
                    {
                        Name = "v1",
                        Served = true,
                        Storage = true,
                        Schema = new V1CustomResourceValidation { OpenAPIV3Schema = schema },
                        Subresources = new V1CustomResourceSubresources { Status = new object() },
                    },
                ],
            },
        };
        var definitions = fixture.Client.ApiextensionsV1;
        await definitions.CreateCustomResourceDefinitionAsync(definition, cancellationToken: Cancellation);
        await Wait.ForAsync(
            async () => (await definitions.ReadCustomResourceDefinitionAsync(definition.Metadata.Name)).Status?.Conditions?.Any(c => c is { Type: "Established", Status: "True" }) == true,
            "the new kind");
    }
}
