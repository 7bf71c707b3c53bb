using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Architecture;

public sealed class CodeTextTests
{
    [Theory]
    [InlineData("a; // await", "a;")]
    [InlineData("a; /* await\n */ b;", "a; b;")]
    [InlineData("""x = "await \" await"; y""", "x = ; y")]
    [InlineData("""x = @"C:\"; await""", "x = ; await")]
    [InlineData("""x = '"'; await""", "x = ; await")]
    [InlineData("""x = $"await {b ? "no" : c} await"; d""", "x = b ? : c; d")]
    [InlineData("""x = $@"await ""{b}"" await"; d""", "x = b; d")]
    [InlineData("""x = $"{{await}} {b:N0}"; d""", "x = b:N0; d")]
    [InlineData("x = \"\"\"\nawait \"quoted\"\n\"\"\"; d", "x = ; d")]
    [InlineData("x = $$\"\"\"\nawait {no} {{b}}\n\"\"\"; d", "x = b; d")]
    public void Only_code_remains(string source, string code) =>
        string.Join(' ', CodeText.Blank(source).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace(" ;", ";", StringComparison.Ordinal)
            .ShouldBe(code.Replace(" ;", ";", StringComparison.Ordinal));

    [Fact]
    public void Lines_and_columns_stay_where_they_were()
    {
        const string Source = "a /* x\n y */ b\n\"c\" d";
        var code = CodeText.Blank(Source);

        code.Length.ShouldBe(Source.Length);
        code.IndexOf('b', StringComparison.Ordinal).ShouldBe(Source.IndexOf('b', StringComparison.Ordinal));
        code.Count(c => c == '\n').ShouldBe(2);
    }
}
