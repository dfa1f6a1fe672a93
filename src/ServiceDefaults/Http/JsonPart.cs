using System.Runtime.InteropServices;
using System.Text.Json;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>Reads one element of a body whose elements are judged and answered one by one. The body as a whole has been read strictly before.</summary>
public static class JsonPart
{
    /// <summary>The element as a request record, by the rules of <see cref="JsonBody{T}"/>.</summary>
    /// <param name="element">An element of a body that <see cref="JsonBody{T}"/> read.</param>
    /// <param name="shapeCode">Code of 400 for a wrong type or a missing member.</param>
    public static JsonBodyResult<T> Read<T>(JsonElement element, string shapeCode)
        where T : class
    {
        var bytes = JsonMarshal.GetRawUtf8Value(element);
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, ApiJson.Options) is { } value
                ? new(value)
                : new(ApiError.BadRequest(shapeCode, $"must be {JsonProblem.Root(ApiJson.Options.GetTypeInfo(typeof(T)))}, not null"));
        }
        catch (JsonException error)
        {
            return new(ApiError.BadRequest(shapeCode, JsonProblem.Describe(bytes.ToArray(), ApiJson.Options.GetTypeInfo(typeof(T)), error)));
        }
    }
}
