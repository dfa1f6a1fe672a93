using System.Text.Json;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>Reads a whole JSON text as a request record, by the rules of <see cref="JsonBody{T}"/>: for bodies that did not arrive as JSON, or not as they are.</summary>
public static class JsonText
{
    /// <summary>The text as a request record, or the error to answer with.</summary>
    /// <param name="bytes">The whole text.</param>
    /// <param name="shapeCode">Code of 400 for good JSON of another shape; broken JSON is <c>invalid_json</c>.</param>
    public static JsonBodyResult<T> Read<T>(byte[] bytes, string shapeCode)
        where T : class
    {
        try
        {
            var value = JsonSerializer.Deserialize<T>(bytes, ApiJson.Options);
            if (!StrictJson.Holds(bytes)) return new(ApiError.BadRequest(ErrorCodes.InvalidJson, JsonProblem.NotStrict));
            return value is not null
                ? new(value)
                : new(ApiError.BadRequest(shapeCode, $"the body must be {JsonProblem.Root(ApiJson.Options.GetTypeInfo(typeof(T)))}, not null"));
        }
        catch (JsonException error)
        {
            var code = StrictJson.Holds(bytes) ? shapeCode : ErrorCodes.InvalidJson;
            return new(ApiError.BadRequest(code, JsonProblem.Describe(bytes, ApiJson.Options.GetTypeInfo(typeof(T)), error)));
        }
    }
}
