using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PackRelay.Testing.Documents;

/// <summary>
/// Judges JSON by the part of JSON Schema that the API document uses. A keyword that it does not know is an exception, not a pass: <see cref="Know"/> tells before
/// anything is judged.
/// </summary>
/// <param name="document">The document that references lead into.</param>
/// <param name="isClosed">
/// Whether it is an answer: then members that no schema names are problems, unless <c>additionalProperties</c> lets them in, and time stamps are in UTC.
/// </param>
public sealed class JsonSchema(JsonElement document, bool isClosed)
{
    private static readonly HashSet<string> Annotations = ["$schema", "description", "title", "examples", "default", "deprecated"];

    private static readonly HashSet<string> Rules =
    [
        "$ref", "type", "properties", "required", "items", "additionalProperties", "enum", "format", "minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems",
        "oneOf", "anyOf", "allOf",
    ];

    /// <summary>Fails unless every keyword of a schema, and of those within it, is one that this judges by or that only describes.</summary>
    public static void Know(JsonElement schema)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False) return;
        foreach (var keyword in schema.EnumerateObject())
        {
            if (Annotations.Contains(keyword.Name)) continue;
            if (!Rules.Contains(keyword.Name)) throw new NotSupportedException($"The schema keyword '{keyword.Name}' is not one that the tests judge by.");
            if (keyword.Name == "format") _ = IsOfFormat(keyword.Value.GetString()!, "", inUtc: true);
            if (keyword.Name is "items" or "additionalProperties") Know(keyword.Value);
            if (keyword.Name is "properties") foreach (var member in keyword.Value.EnumerateObject()) Know(member.Value);
            if (keyword.Name is "oneOf" or "anyOf" or "allOf") foreach (var branch in keyword.Value.EnumerateArray()) Know(branch);
        }
    }

    /// <summary>What is wrong with a value, each with its place; nothing when it fits.</summary>
    public IReadOnlyList<string> Problems(JsonElement schema, JsonElement value, string place = "$")
    {
        var judgement = new Judgement(place);
        Judge(schema, value, judgement);
        if (isClosed && value.ValueKind == JsonValueKind.Object && judgement is { NamesMembers: true, IsOpen: false })
            judgement.Found.AddRange(value.EnumerateObject().Where(member => !judgement.Members.Contains(member.Name)).Select(member => $"{place}: the member '{member.Name}' is not documented"));
        return judgement.Found;
    }

    private void Judge(JsonElement schema, JsonElement value, Judgement judgement)
    {
        if (schema.ValueKind == JsonValueKind.True) judgement.IsOpen = true;
        if (schema.ValueKind == JsonValueKind.False) judgement.Add("nothing is allowed here");
        if (schema.ValueKind != JsonValueKind.Object) return;
        foreach (var keyword in schema.EnumerateObject()) Judge(keyword.Name, keyword.Value, schema, value, judgement);
    }

    private void Judge(string keyword, JsonElement rule, JsonElement schema, JsonElement value, Judgement judgement)
    {
        switch (keyword)
        {
            case "$ref":
                Judge(Follow(rule.GetString()!), value, judgement);
                break;
            case "type":
                if (!Types(rule).Any(type => Is(value, type))) judgement.Add($"{value.ValueKind} is not {rule}");
                break;
            case "enum":
                if (!rule.EnumerateArray().Any(entry => JsonElement.DeepEquals(entry, value))) judgement.Add($"{value.GetRawText()} is not one of {rule}");
                break;
            case "allOf":
                foreach (var branch in rule.EnumerateArray()) Judge(branch, value, judgement);
                break;
            case "oneOf" or "anyOf":
                JudgeBranches(rule, isOneOnly: keyword == "oneOf", value, judgement);
                break;
            case "properties" or "required" or "additionalProperties" when value.ValueKind == JsonValueKind.Object:
                JudgeMembers(keyword, rule, schema, value, judgement);
                break;
            case "items" when value.ValueKind == JsonValueKind.Array:
                foreach (var (i, item) in value.EnumerateArray().Index()) judgement.Found.AddRange(Problems(rule, item, $"{judgement.Place}[{i}]"));
                break;
            case "minItems" or "maxItems" when value.ValueKind == JsonValueKind.Array:
                Compare(keyword, value.GetArrayLength(), rule, judgement);
                break;
            case "minLength" or "maxLength" when value.ValueKind == JsonValueKind.String:
                Compare(keyword, value.GetString()!.Length, rule, judgement); // UTF-16 code units, as the API counts
                break;
            case "minimum" or "maximum" when value.ValueKind == JsonValueKind.Number:
                Compare(keyword, value.GetDecimal(), rule, judgement);
                break;
            case "pattern" when value.ValueKind == JsonValueKind.String:
                if (!Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))) judgement.Add($"{value.GetRawText()} does not match {rule}");
                break;
            case "format" when value.ValueKind == JsonValueKind.String:
                if (!IsOfFormat(rule.GetString()!, value.GetString()!, inUtc: isClosed)) judgement.Add($"{value.GetRawText()} is no {rule}");
                break;
            default:
                if (!Rules.Contains(keyword) && !Annotations.Contains(keyword)) throw new NotSupportedException($"The schema keyword '{keyword}' is not one that the tests judge by.");
                break;
        }
    }

    private void JudgeMembers(string keyword, JsonElement rule, JsonElement schema, JsonElement value, Judgement judgement)
    {
        if (keyword == "required")
        {
            foreach (var name in rule.EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _))) judgement.Add($"the member '{name}' is missing");
            return;
        }

        judgement.NamesMembers = true;
        if (keyword == "properties")
        {
            foreach (var member in rule.EnumerateObject())
            {
                judgement.Members.Add(member.Name);
                if (value.TryGetProperty(member.Name, out var inner)) judgement.Found.AddRange(Problems(member.Value, inner, $"{judgement.Place}.{member.Name}"));
            }
        }
        else if (rule.ValueKind != JsonValueKind.False)
        {
            judgement.IsOpen = true;
            var named = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(member => member.Name).ToHashSet(StringComparer.Ordinal) : [];
            foreach (var member in value.EnumerateObject().Where(member => !named.Contains(member.Name)))
                judgement.Found.AddRange(Problems(rule, member.Value, $"{judgement.Place}.{member.Name}"));
        }
    }

    private void JudgeBranches(JsonElement branches, bool isOneOnly, JsonElement value, Judgement judgement)
    {
        var fitting = new List<Judgement>();
        var refusals = new List<string>();
        foreach (var branch in branches.EnumerateArray())
        {
            var attempt = new Judgement(judgement.Place);
            Judge(branch, value, attempt);
            if (attempt.Found.Count == 0) fitting.Add(attempt);
            else refusals.AddRange(attempt.Found);
        }

        if (fitting.Count == 0) judgement.Add("fits no branch: " + string.Join("; ", refusals));
        else if (isOneOnly && fitting.Count > 1) judgement.Add("fits several branches of which only one is meant");
        foreach (var attempt in fitting) judgement.Take(attempt);
    }

    private JsonElement Follow(string reference)
    {
        var target = document;
        foreach (var name in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries)) target = target.GetProperty(name);
        return target;
    }

    private static IEnumerable<string> Types(JsonElement rule) => rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Select(type => type.GetString()!) : [rule.GetString()!];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetRawText().All(sign => char.IsAsciiDigit(sign) || sign == '-'), // strict clients refuse 1.0
        _ => throw new NotSupportedException($"The schema type '{type}' is not one that the tests judge by."),
    };

    private static bool IsOfFormat(string format, string text, bool inUtc) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "date-time" => (text.EndsWith('Z') || !inUtc) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "int32" or "int64" or "uint32" or "uint64" or "double" => true, // of numbers, whose range the services' own types bound
        _ => throw new NotSupportedException($"The schema format '{format}' is not one that the tests judge by."),
    };

    private static void Compare(string keyword, decimal number, JsonElement rule, Judgement judgement)
    {
        var limit = rule.GetDecimal();
        if (keyword.StartsWith("min", StringComparison.Ordinal) ? number < limit : number > limit) judgement.Add($"{keyword} {limit}, but it is {number}");
    }

    /// <summary>What is known of one value so far.</summary>
    private sealed class Judgement(string place)
    {
        public string Place => place;

        public List<string> Found { get; } = [];

        public HashSet<string> Members { get; } = new(StringComparer.Ordinal);

        public bool NamesMembers { get; set; }

        public bool IsOpen { get; set; }

        public void Add(string problem) => Found.Add($"{place}: {problem}");

        public void Take(Judgement other)
        {
            Members.UnionWith(other.Members);
            NamesMembers |= other.NamesMembers;
            IsOpen |= other.IsOpen;
        }
    }
}
