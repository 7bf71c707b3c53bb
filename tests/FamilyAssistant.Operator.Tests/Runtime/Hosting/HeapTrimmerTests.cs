using FamilyAssistant.Operator.Runtime.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Hosting;

public sealed class HeapTrimmerTests
{
    [Fact]
    public void A_process_that_idles_is_left_alone()
    {
        using var trimmer = new HeapTrimmer(TimeProvider.System, NullLogger<HeapTrimmer>.Instance);

        trimmer.IsWorthIt(100 << 20).ShouldBeTrue();
        trimmer.IsWorthIt(101 << 20).ShouldBeFalse();
        trimmer.IsWorthIt(115 << 20).ShouldBeFalse();
        trimmer.IsWorthIt(116 << 20).ShouldBeTrue();
        trimmer.IsWorthIt(117 << 20).ShouldBeFalse();
    }
}
