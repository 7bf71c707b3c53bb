using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Architecture;

/// <summary>Small files and methods are read at night; large ones are searched.</summary>
public sealed class SizeTests
{
    private const int FileLimit = 300;
    private const int MedianLimit = 70;
    private const int MemberLimit = 60;

    [Fact]
    public void No_product_file_has_more_lines_than_fit_into_a_head() =>
        SourceTree.Product.Where(file => file.Lines > FileLimit).Select(file => $"{file}: {file.Lines} lines").ShouldBeEmpty();

    [Fact]
    public void The_median_product_file_is_small()
    {
        int[] sizes = [.. SourceTree.Product.Select(file => file.Lines).Order()];
        sizes[sizes.Length / 2].ShouldBeLessThanOrEqualTo(MedianLimit);
    }

    [Fact]
    public void No_member_of_the_product_is_longer_than_a_screen() =>
        SourceTree.Product
            .SelectMany(file => Members.Of(file.Code).Where(member => member.Lines > MemberLimit).Select(member => $"{file}:{member.Line}: {member.Lines} lines"))
            .ShouldBeEmpty();

    [Fact]
    public void Members_are_measured_from_their_declaration_to_their_end()
    {
        const string Code = """
            namespace A;

            class B
            {
                int c = 1;

                void D()
                {
                    if (c > 0)
                    {
                    }
                }

                int E => c switch
                {
                    _ => 2,
                };

                class F
                {
                    int G
                    {
                        get;
                    }
                }
            }
            """;

        Members.Of(Code).Where(member => member.Lines > 1).ShouldBe([(7, 6), (14, 4), (21, 4)]);
    }
}
