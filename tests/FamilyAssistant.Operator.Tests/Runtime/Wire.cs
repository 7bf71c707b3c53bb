using System.Text;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Tests.Runtime;

/// <summary>Texts as an API server sends them.</summary>
internal static class Wire
{
    public static string Item(string name, int version, string? uid = null, string members = "", string @namespace = "home") =>
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}","uid":"{{{uid ?? "uid-" + name}}}","resourceVersion":"{{{version}}}"{{{members}}}}}""";

    public static ClusterObject Object(string name, int version, string? uid = null, string members = "", string @namespace = "home") =>
        ObjectReader.Read(Encoding.UTF8.GetBytes(Item(name, version, uid, members, @namespace)), ResourceTypes.ConfigMap);

    public static string List(int version, params string[] items) => Page(version, "", items);

    public static string Page(int version, string next, params string[] items) =>
        $$$"""{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}","continue":"{{{next}}}"},"items":[{{{string.Join(',', items)}}}]}""";

    public static string Line(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""";

    public static string Bookmark(int version) => Line("BOOKMARK", $$$"""{"kind":"ConfigMap","metadata":{"resourceVersion":"{{{version}}}","creationTimestamp":null}}""");

    public static string Status(int code, string reason, string message = "as the test wishes") =>
        $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""";
}
