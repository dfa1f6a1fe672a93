using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PackRelay.ServiceDefaults.OpenApi;

/// <summary>What the XML documentation beside an assembly says of a type, a member or a handler, as Markdown.</summary>
internal static partial class DocumentationText
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> Files = new();

    /// <summary>A type's summary.</summary>
    public static string? Of(Type type) => Summary(Find(type.Assembly, "T:" + Id(type)));

    /// <summary>A property's summary, or what the record says of the parameter it was made from.</summary>
    public static string? Of(PropertyInfo property) =>
        Parameter(Find(property.DeclaringType!.Assembly, "T:" + Id(property.DeclaringType)), property.Name)
        ?? Summary(Find(property.DeclaringType.Assembly, $"P:{Id(property.DeclaringType)}.{property.Name}"));

    /// <summary>A handler's summary.</summary>
    public static string? Of(MethodInfo method) => Summary(Find(method));

    /// <summary>What a handler says of a parameter.</summary>
    public static string? OfParameter(MethodInfo method, string name) => Parameter(Find(method), name);

    /// <summary>The XML of one documented element as one paragraph of Markdown.</summary>
    internal static string? ToMarkdown(XElement? element)
    {
        if (element is null) return null;
        var text = new StringBuilder();
        foreach (var node in element.Nodes()) Write(node, text);
        return Space().Replace(text.ToString(), " ").Trim() is { Length: > 0 } result ? result : null;
    }

    private static void Write(XNode node, StringBuilder text)
    {
        if (node is XText plain) text.Append(plain.Value);
        if (node is not XElement element) return;
        var name = element.Attribute("name")?.Value ?? element.Attribute("cref")?.Value.Split('(')[0].Split('.')[^1];
        switch (element.Name.LocalName)
        {
            case "c":
                text.Append('`').Append(element.Value).Append('`');
                break;
            case "paramref" or "see" when name is not null:
                text.Append('`').Append(JsonNamingPolicy.CamelCase.ConvertName(name)).Append('`');
                break;
            case "em":
                text.Append('*').Append(element.Value).Append('*');
                break;
            default:
                foreach (var inner in element.Nodes()) Write(inner, text);
                break;
        }
    }

    private static string? Summary(XElement? member) => ToMarkdown(member?.Element("summary"));

    private static string? Parameter(XElement? member, string name) => ToMarkdown(member?.Elements("param").FirstOrDefault(param => param.Attribute("name")?.Value == name));

    private static XElement? Find(Assembly assembly, string id) => Read(assembly).GetValueOrDefault(id);

    private static XElement? Find(MethodInfo method)
    {
        if (method.DeclaringType is null) return null;
        var id = $"M:{Id(method.DeclaringType)}.{method.Name}";
        var file = Read(method.DeclaringType.Assembly);
        return file.GetValueOrDefault(id) ?? file.FirstOrDefault(member => member.Key.StartsWith(id + "(", StringComparison.Ordinal)).Value; // handlers are not overloaded
    }

    private static string Id(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static IReadOnlyDictionary<string, XElement> Read(Assembly assembly) => Files.GetOrAdd(assembly, static assembly =>
    {
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        return File.Exists(path)
            ? XDocument.Load(path).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal)
            : new Dictionary<string, XElement>(StringComparer.Ordinal);
    });

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Space();
}
