using System.Text.Json;
using System.Text.Unicode;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>
/// Judges a whole JSON text, also the members that no request record has: the serializer skips those without a look, so that a duplicate, a broken
/// character or half a surrogate pair in one of them would pass.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Rules = new() { AllowDuplicateProperties = false, MaxDepth = ApiJson.Options.MaxDepth };

    /// <summary>Whether the bytes are one JSON text in good UTF-8, without duplicate members anywhere.</summary>
    public static bool Holds(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes)) return false;
        try
        {
            JsonDocument.Parse(bytes, Rules).Dispose();
            if (bytes.AsSpan().Contains((byte)'\\')) ReadEscapes(bytes);
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // the latter for half a surrogate pair
        {
            return false;
        }
    }

    private static void ReadEscapes(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Rules.MaxDepth });
        while (reader.Read())
        {
            if (reader.ValueIsEscaped) reader.GetString();
        }
    }
}
