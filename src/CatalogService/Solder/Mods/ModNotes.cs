using System.Text.Json;
using System.Text.Json.Serialization;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary>Notes, which may be null, for those who may read them; for others there is not even the member.</summary>
/// <param name="text">The notes.</param>
[JsonConverter(typeof(Converter))]
public sealed class ModNotes(string? text)
{
    internal static ModNotes? For(Caller caller, string? text) => caller.MayInSolder(SolderFlags.ModsManage) ? new ModNotes(text) : null;

    private string? Text => text;

    private sealed class Converter : JsonConverter<ModNotes>
    {
        public override ModNotes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString());

        public override void Write(Utf8JsonWriter writer, ModNotes value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
    }
}
