using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PackRelay.ApiDocument;

/// <summary>One document of many parts: what is common to all operations comes from <c>frame.json</c>, paths and schemas from the services, in an order that does not depend on theirs.</summary>
public static class DocumentMerge
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    /// <summary>Merges the parts; paths that <paramref name="isExposed"/> refuses, and what only they refer to, are left out.</summary>
    public static JsonObject Merge(IEnumerable<JsonObject> parts, Func<string, bool> isExposed)
    {
        var document = Resource("frame.json");
        var areas = Areas(document);
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var schemas = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal) { ["Manifest"] = Resource("manifest.schema.json") };
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject()) schemas.Add(name, schema!.DeepClone());
        foreach (var part in parts)
        {
            foreach (var (path, operations) in part["paths"]!.AsObject().Where(path => isExposed(path.Key)))
                AddPath(paths, path, operations!.AsObject(), areas);
            foreach (var (name, schema) in part["components"]?["schemas"]?.AsObject() ?? [])
            {
                if (!schemas.TryAdd(name, schema!.DeepClone()) && !JsonNode.DeepEquals(schemas[name], schema))
                    throw new InvalidOperationException($"Two services have different schemas of the name '{name}'; rename one.");
            }
        }

        document["paths"] = new JsonObject(paths.Select(path => KeyValuePair.Create(path.Key, (JsonNode?)path.Value)));
        document["components"]!["schemas"] = new JsonObject(schemas.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value)));
        RemoveUnused(document);
        return document;
    }

    private static void AddPath(SortedDictionary<string, JsonObject> paths, string path, JsonObject operations, IReadOnlyList<(string Tag, Regex Paths)> areas)
    {
        var tag = areas.FirstOrDefault(area => area.Paths.IsMatch(path)).Tag ?? throw new InvalidOperationException($"No tag of frame.json takes {path}; its member x-paths says which it takes.");
        if (!paths.TryGetValue(path, out var merged)) paths[path] = merged = [];
        foreach (var method in Methods.Where(operations.ContainsKey))
        {
            var operation = new JsonObject { ["tags"] = new JsonArray(tag) };
            foreach (var member in (string[])["operationId", "summary", "description", "security", "parameters", "requestBody", "responses"])
            {
                if (operations[method]![member] is { } value) operation[member] = value.DeepClone();
            }

            if (!merged.TryAdd(method, operation)) throw new InvalidOperationException($"Two services answer {method} {path}.");
        }
    }

    /// <summary>Which paths belong to a tag: the first whose pattern fits. The patterns are ours and do not go into the document.</summary>
    private static List<(string Tag, Regex Paths)> Areas(JsonObject document)
    {
        var areas = new List<(string, Regex)>();
        foreach (var tag in document["tags"]!.AsArray().Select(tag => tag!.AsObject()))
        {
            areas.Add(((string)tag["name"]!, new Regex((string)tag["x-paths"]!, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))));
            tag.Remove("x-paths");
        }

        return areas;
    }

    private static void RemoveUnused(JsonObject document)
    {
        var schemas = document["components"]!["schemas"]!.AsObject();
        while (true)
        {
            var used = References(document).ToHashSet(StringComparer.Ordinal);
            var unused = schemas.Select(schema => schema.Key).Where(name => !used.Contains("#/components/schemas/" + name)).ToArray();
            if (unused.Length == 0) return;
            foreach (var name in unused) schemas.Remove(name);
        }
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Key == "$ref" ? [(string)member.Value!] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    private static JsonObject Resource(string name)
    {
        using var stream = typeof(DocumentMerge).Assembly.GetManifestResourceStream($"PackRelay.ApiDocument.{name}")!;
        return JsonNode.Parse(stream, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!.AsObject();
    }
}
