using System.Collections.Concurrent;
using System.Reflection;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>Which tests of the operator have run so far: what is said of all of them holds only after all of them.</summary>
internal static class TestsThatRan
{
    private const string Folder = "OperatorTests";
    private static readonly ConcurrentDictionary<string, bool> Seen = new();

    /// <summary>Notes the test that runs now.</summary>
    public static void AddCurrent()
    {
        if (TestContext.Current.TestMethod is { } method)
        {
            Seen[$"{method.TestClass.TestClassName}.{method.MethodName}"] = true;
        }
    }

    /// <summary>Those that have not run; without those of one class.</summary>
    public static IReadOnlyList<string> Missing(Type without) =>
    [
        .. typeof(TestsThatRan).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, Namespace: not null } && type.Namespace.EndsWith(Folder, StringComparison.Ordinal) && type != without)
            .SelectMany(type => type.GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null).Select(method => $"{type.FullName}.{method.Name}"))
            .Where(name => !Seen.ContainsKey(name)),
    ];
}
