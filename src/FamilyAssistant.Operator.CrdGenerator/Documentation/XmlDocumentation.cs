using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FamilyAssistant.Operator.CrdGenerator.Documentation;

/// <summary>Summaries of types and properties from the XML files that the compiler writes beside an assembly.</summary>
public sealed partial class XmlDocumentation
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _files = [];

    /// <summary>The summary as one line of plain text.</summary>
    /// <exception cref="GeneratorException">There is none: <c>kubectl explain</c> would have nothing to say.</exception>
    public string Of(MemberInfo member)
    {
        var id = member is Type type ? "T:" + type.FullName : $"P:{member.DeclaringType!.FullName}.{member.Name}";
        if (!File(member.Module.Assembly).TryGetValue(id, out var summary))
            throw new GeneratorException($"{id} has no documentation comment");
        return Blanks().Replace(Text(summary), " ").Trim();
    }

    private Dictionary<string, XElement> File(Assembly assembly)
    {
        if (_files.TryGetValue(assembly, out var known))
            return known;
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        if (!System.IO.File.Exists(path))
            throw new GeneratorException($"no documentation file {Path.GetFileName(path)} beside the program");
        return _files[assembly] = XDocument.Load(path).Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .DistinctBy(m => m.Attribute("name")!.Value)
            .ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary")!);
    }

    private static string Text(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "see" } see => see.Attribute("cref")!.Value.Split('.')[^1],
                XElement inner => Text(inner),
                _ => "",
            });
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
