using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>Says why a body could not be read, in the words of the API: which member, and what it must be. The serializer's own messages name our types.</summary>
internal static class JsonProblem
{
    /// <summary>For what parses and is refused all the same.</summary>
    public const string NotStrict = "the body is not strict JSON: a member appears twice, or a character is broken";

    /// <summary>One sentence about a body that the serializer refused.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="type">The request record.</param>
    /// <param name="error">What the serializer said.</param>
    public static string Describe(byte[] body, JsonTypeInfo type, JsonException error)
    {
        if (body.Length == 0) return $"the body is empty; this route needs {Root(type)}";
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = ApiJson.Options.MaxDepth });
            if (KindOf(type) is var kind && kind != JsonValueKind.Undefined && document.RootElement.ValueKind != kind) return $"the body must be {Root(type)}";
            if (!StrictJson.Holds(body)) return NotStrict;
            return (document.RootElement.ValueKind == JsonValueKind.Object ? DescribeMembers(document.RootElement, type) : null) ?? "the body has not the shape that this route needs";
        }
        catch (JsonException broken)
        {
            // Counted from one, as editors do.
            var (line, column) = ((broken.LineNumber ?? error.LineNumber ?? 0) + 1, (broken.BytePositionInLine ?? error.BytePositionInLine ?? 0) + 1);
            return $"the body is not valid JSON, at line {line}, byte {column}";
        }
    }

    /// <summary>What a body of this type is as a whole.</summary>
    public static string Root(JsonTypeInfo type) => KindOf(type) switch
    {
        JsonValueKind.Array => "a JSON array",
        JsonValueKind.String => "text without U+0000",
        JsonValueKind.Undefined => "JSON",
        _ => "a JSON object",
    };

    private static JsonValueKind KindOf(JsonTypeInfo type) =>
        type.Kind == JsonTypeInfoKind.Enumerable ? JsonValueKind.Array
        : type.Type == typeof(string) ? JsonValueKind.String
        : type.Type == typeof(JsonDocument) ? JsonValueKind.Undefined // of any kind
        : JsonValueKind.Object;

    private static string? DescribeMembers(JsonElement body, JsonTypeInfo type)
    {
        var missing = type.Properties.Where(member => IsRequired(member) && !body.TryGetProperty(member.Name, out _)).Select(member => member.Name).ToList();
        if (missing.Count > 0) return $"{string.Join(", ", missing)}: missing";

        // One after the other through the same rules: the first that fails alone is the one that failed in the whole.
        foreach (var member in type.Properties)
        {
            if (!body.TryGetProperty(member.Name, out var value)) continue;
            if (value.ValueKind == JsonValueKind.Null && !member.IsSetNullable && !member.PropertyType.IsValueType) return $"{member.Name}: must not be null";
            try
            {
                _ = value.Deserialize(member.PropertyType, ApiJson.Options);
            }
            catch (JsonException error)
            {
                var below = Below(error.Path);
                return $"{member.Name}{below}: must be {Expectation(member.PropertyType, isElement: below.Length > 0)}";
            }
        }

        return null;
    }

    private static bool IsRequired(JsonPropertyInfo member) => member.IsRequired || member.AssociatedParameter is { HasDefaultValue: false };

    /// <summary>The part of a path below the member itself: <c>[3]</c> of <c>$[3]</c>.</summary>
    private static string Below(string? path) => path is { Length: > 1 } ? path[1..] : "";

    private static string Expectation(Type type, bool isElement)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(PatchField<>)) type = type.GetGenericArguments()[0];
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return "one of " + string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
        if (type.IsAssignableTo(typeof(IDictionary)))
            return isElement && type.GetGenericArguments() is [_, var value] ? Expectation(value, isElement: false) : "an object";
        if (type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)))
            return isElement && type.GetGenericArguments() is [var element] ? Expectation(element, isElement: false) : "a list";
        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => "text without U+0000",
            TypeCode.Boolean => "true or false",
            TypeCode.Byte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64 or TypeCode.UInt32 or TypeCode.UInt64 => "a whole number in its range",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number",
            _ when type == typeof(DateTimeOffset) => "a time like 2026-01-02T03:04:05Z",
            _ => "an object of the documented shape",
        };
    }
}
