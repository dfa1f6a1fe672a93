using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PackRelay.ServiceDefaults.OpenApi;

/// <summary>
/// Limits are said once, in the sentence that people read: <c>1 to 200 characters</c>, <c>at most 20 different ones</c>, <c>0 to 100,000</c>, <c>https address</c>,
/// <c>`free` or `pro`</c>. This reads them from there, so that the schema and the sentence cannot disagree.
/// </summary>
internal static partial class DocumentedMember
{
    /// <summary>A member's schema with its description, and the limits that the description states.</summary>
    public static JsonNode Apply(JsonNode schema, string? description)
    {
        var result = Tidy(schema);
        if (description is null) return result;
        if (Target(result) is { } target) AddLimits(target, description);
        result["description"] = description;
        return result;
    }

    private static void AddLimits(JsonObject target, string description)
    {
        if (Is(target, "string"))
        {
            if (Characters().Match(description) is { Success: true } range)
                SetRange(target, "minLength", range.Groups["from"], "maxLength", range.Groups["to"]);
            if (!target.ContainsKey("enum") && Alternatives(description) is { Count: > 0 } values)
                target["enum"] = new JsonArray([.. values.Select(value => (JsonNode)value), .. Is(target, "null") ? new JsonNode?[] { null } : []]);
        }
        else if (Is(target, "integer") || Is(target, "number"))
        {
            if (Numbers().Match(description) is { Success: true } range)
                SetRange(target, "minimum", range.Groups["from"], "maximum", range.Groups["to"]);
        }
        else if (Is(target, "array") && Items().Match(description) is { Success: true } most)
        {
            target["maxItems"] = Number(most.Groups["to"].Value);
        }

        if (Example().Match(description) is { Success: true } example && Is(target, "string") && !target.ContainsKey("enum"))
            target["examples"] = new JsonArray(example.Groups["value"].Value);
    }

    /// <summary>Values that open the description as a closed list: <c>`public` (default), `unlisted` or `private`</c>, or <c>Always `player`</c>.</summary>
    private static List<string> Alternatives(string description)
    {
        var list = Closed().Match(description);
        return list.Success ? [.. Quoted().Matches(list.Value).Select(quoted => quoted.Groups["value"].Value)] : [];
    }

    /// <summary>The exporter's way to say <em>this or null</em> and <em>a whole number</em>, in the usual order.</summary>
    private static JsonObject Tidy(JsonNode schema)
    {
        var result = schema.AsObject();
        if (result["type"] is JsonArray types) result["type"] = new JsonArray([.. types.Select(type => (string)type!).OrderBy(type => type == "null").ThenBy(type => type, StringComparer.Ordinal).Select(type => (JsonNode)type)]);
        result.Remove("default"); // null, for whatever may be left out
        return result;
    }

    private static JsonObject? Target(JsonObject schema) => schema.ContainsKey("type") ? schema : null;

    private static bool Is(JsonObject schema, string type) =>
        schema["type"] is JsonArray types ? types.Any(entry => (string?)entry == type) : (string?)schema["type"] == type;

    private static void SetRange(JsonObject schema, string least, Group from, string most, Group to)
    {
        if (from.Success) schema[least] = Number(from.Value);
        if (to.Success) schema[most] = Number(to.Value);
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?:^|[ ;,])(?:(?<from>\d[\d,]*) to |at most |At most )(?<to>\d[\d,]*) characters", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Characters();

    [GeneratedRegex(@"(?:^|[ ,;])(?<from>\d[\d,]*) to (?<to>\d[\d,]*)(?=[ ,.;:)]|$)(?! characters)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"[Aa]t most (?<to>\d[\d,]*)(?! characters)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Items();

    [GeneratedRegex(@"such as `(?<value>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Example();

    [GeneratedRegex(@"^(?:Always `[a-z0-9_.-]+`|(?:One of )?`[a-z0-9_.-]+`(?: \(default\))?(?:(?:, | or |, or )`[a-z0-9_.-]+`(?: \(default\))?)+)(?=[.;]|$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Closed();

    [GeneratedRegex(@"`(?<value>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Quoted();
}
