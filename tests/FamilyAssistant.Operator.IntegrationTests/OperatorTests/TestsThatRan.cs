using System.Collections.Concurrent;
using System.Reflection;
using Xunit;
using Xunit.Sdk;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Which tests of the shared operator have run so far: what is said of all of them holds only after all of them.</summary>
internal static class TestsThatRan
{
    private static readonly ConcurrentDictionary<string, bool> Seen = new();

    /// <summary>Notes a test.</summary>
    public static void Add(ITestMethod? method) => Seen[$"{method?.TestClass.TestClassName}.{method?.MethodName}"] = true;

    /// <summary>Those of this assembly that have not run; without those of one class.</summary>
    public static IReadOnlyList<string> Missing(Type without) =>
    [
        .. typeof(OperatorTest).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(OperatorTest)) && type != without)
            .SelectMany(type => type.GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null).Select(method => $"{type.FullName}.{method.Name}"))
            .Where(name => !Seen.ContainsKey(name)),
    ];
}
