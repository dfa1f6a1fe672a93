using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.OpenApi;

/// <summary>Names the schemas of request and answer records, and completes them with what their documentation says.</summary>
internal sealed class ApiSchemas
{
    private readonly Dictionary<string, Type> types = new(StringComparer.Ordinal);

    /// <summary>Takes the converters away that hide from the schema exporter what a member is: text, a moment, or a member that may be left out.</summary>
    public static void MakeReadable(JsonSerializerOptions options)
    {
        options.Converters.Clear();
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OpenPatchFields } };
    }

    /// <summary>The name under which a type's schema is shared; null for one that stands where it is used.</summary>
    public string? NameOf(JsonTypeInfo type)
    {
        if (OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null) return null;
        var clr = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        var name = clr.DeclaringType is { } outer ? outer.Name + clr.Name : clr.Name;
        return types.TryAdd(name, clr) || types[name] == clr
            ? name
            : throw new InvalidOperationException($"{clr} and {types[name]} would both be the schema '{name}'; rename one.");
    }

    /// <summary>Adds descriptions and limits to the schemas of a document, and takes members out of <c>required</c> that an answer may lack.</summary>
    public void Describe(JsonObject document)
    {
        if (document["components"]?["schemas"] is not JsonObject schemas) return;
        foreach (var (name, schema) in schemas)
        {
            var type = types[name];
            if (DocumentationText.Of(type) is { } description) schema!["description"] = description;
            if (schema!["properties"] is not JsonObject members) continue;
            foreach (var property in type.GetProperties())
            {
                var member = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
                if (members[member] is not { } memberSchema) continue;
                members[member] = DocumentedMember.Apply(memberSchema.DeepClone(), DocumentationText.Of(property));
                var mayLack = property.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true).Length > 0;
                if (mayLack && schema["required"] is JsonArray required) required.Remove(required.FirstOrDefault(entry => (string?)entry == member));
            }
        }
    }

    /// <summary>A member that PATCH bodies may leave out is, when it is there, just what it wraps.</summary>
    private static void OpenPatchFields(JsonTypeInfo type)
    {
        for (var i = 0; i < type.Properties.Count; i++)
        {
            var field = type.Properties[i];
            if (!field.PropertyType.IsGenericType || field.PropertyType.GetGenericTypeDefinition() != typeof(PatchField<>)) continue;
            type.Properties[i] = type.CreateJsonPropertyInfo(field.PropertyType.GetGenericArguments()[0], field.Name);
            type.Properties[i].Get = static _ => null;
        }
    }
}
