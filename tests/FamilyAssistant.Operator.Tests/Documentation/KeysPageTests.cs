using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Secrets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>The table of known keys is what the operator knows.</summary>
public sealed class KeysPageTests
{
    [Fact]
    public void The_table_of_known_keys_is_the_catalogue() => new MarkdownPage("docs/instance.md").Table("Known keys").Select(row => string.Join(" | ", row)).ShouldBe(
        SecretCatalogue.All.Select(entry => $"{entry.Name} | {entry.Purpose} | {entry.Form.Text} | {entry.Change}"));

    [Fact]
    public void A_key_is_in_the_catalogue_once() => SecretCatalogue.All.Select(entry => entry.Name).ShouldBeUnique();

    [Fact]
    public void Generated_keys_and_those_of_providers_are_known()
    {
        SecretCatalogue.ProviderKeys.ShouldAllBe(key => SecretCatalogue.Find(key) != null);
        GeneratedKeys.All.Except([GeneratedKeys.HashKey]).ShouldAllBe(key => SecretCatalogue.Find(key) != null);
        SecretCatalogue.Find("MY_OWN").ShouldBeNull();
    }
}
