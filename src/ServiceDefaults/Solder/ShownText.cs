using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackRelay.ServiceDefaults.Solder;

/// <summary>Text, which may be null, for those who are shown it; where a member of this type is null itself, the answer does not have it.</summary>
/// <param name="text">The text.</param>
[JsonConverter(typeof(Converter))]
public sealed class ShownText(string? text)
{
    private string? Text => text;

    private sealed class Converter : JsonConverter<ShownText>
    {
        public override ShownText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString());

        public override void Write(Utf8JsonWriter writer, ShownText value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
    }
}
