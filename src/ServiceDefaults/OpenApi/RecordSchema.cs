using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.OpenApi;

/// <summary>JSON schemas of records that leave the hub by other ways than an answer, with the descriptions and limits of their documentation.</summary>
public static class RecordSchema
{
    private static readonly JsonSerializerOptions Options = Readable();

    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };

    /// <summary>The schema of a record as <see cref="ApiJson"/> writes it; each record within it stands where it is used.</summary>
    public static JsonObject Of(Type record) => Options.GetJsonSchemaAsNode(record, Exporter).AsObject();

    private static JsonSerializerOptions Readable()
    {
        var options = new JsonSerializerOptions(ApiJson.Options);
        ApiSchemas.MakeReadable(options);
        options.MakeReadOnly();
        return options;
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject described) return schema;
        if (context.PropertyInfo is { AttributeProvider: PropertyInfo property })
            return DocumentedMember.Apply(described, DocumentationText.Of(property));
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && DocumentationText.Of(context.TypeInfo.Type) is { } text) described["description"] = text;
        return described;
    }
}
