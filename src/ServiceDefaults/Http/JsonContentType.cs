using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>Which bodies are taken for JSON.</summary>
public static class JsonContentType
{
    /// <summary>Whether the body calls itself <c>application/json</c> or something <c>+json</c>.</summary>
    public static bool HasJsonBody(this HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));

    /// <summary>415 <c>unsupported_media_type</c>.</summary>
    public static ApiError Unsupported() =>
        new(StatusCodes.Status415UnsupportedMediaType, ErrorCodes.UnsupportedMediaType, "the body's Content-Type must be application/json");
}
