using System.Text.Json;
using System.Text.Json.Serialization;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>
/// A member of a PATCH body: not sent (leave the field alone) differs from sent as null (clear it). Declare it as a parameter that
/// defaults to <c>default</c>; whether null is welcome is the handler's to say.
/// </summary>
/// <param name="value">What was sent.</param>
/// <typeparam name="T">The member's type; nullable, since JSON can always say null.</typeparam>
[JsonConverter(typeof(PatchFieldConverterFactory))]
public readonly struct PatchField<T>(T value)
{
    /// <summary>Whether the body had this member.</summary>
    public bool IsSet { get; } = true;

    /// <summary>What the body said; default when the member was not sent.</summary>
    public T Value { get; } = value;

    /// <summary>The new value of a field that has this one now.</summary>
    public T Or(T current) => IsSet ? Value : current;
}

internal sealed class PatchFieldConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(PatchField<>);

    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter?)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()));

    private sealed class Converter<T> : JsonConverter<PatchField<T?>>
    {
        public override bool HandleNull => true; // null is a value here: it clears the field

        public override PatchField<T?> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<T>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, PatchField<T?> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
