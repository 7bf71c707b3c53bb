using System.Text;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Cluster;

public sealed class ManagedFieldsTests
{
    [Theory]
    [InlineData("""{"metadata": {"managedFields": [{"manager": "kubectl-create", "fieldsV1": {"f:metadata": {}, "f:spec": {}}}]}}""", "kubectl-create")]
    [InlineData("""{"metadata": {"managedFields": [{"manager": "labeller", "fieldsV1": {"f:metadata": {}}}, {"manager": "argocd", "fieldsV1": {"f:spec": {}}}, {"manager": "late", "fieldsV1": {"f:spec": {}}}]}}""", "argocd")]
    [InlineData("""{"metadata": {"managedFields": [{"manager": "ours", "fieldsV1": {"f:status": {}}, "subresource": "status"}]}}""", null)]
    [InlineData("""{"metadata": {"managedFields": [{"fieldsV1": {"f:spec": {}}}, {"manager": "x"}]}}""", null)]
    [InlineData("""{"metadata": {}}""", null)]
    [InlineData("{}", null)]
    public void Who_wrote_the_spec_is_the_first_manager_of_it(string json, string? manager) => ManagedFields.SpecManager(Encoding.UTF8.GetBytes(json)).ShouldBe(manager);
}
