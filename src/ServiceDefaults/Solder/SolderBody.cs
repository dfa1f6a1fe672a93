using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.Solder;

/// <summary>
/// A body of the Solder dialect, read when the handler is ready to: after credentials, existence and permission are settled. JSON and forms are taken, as Solder takes them; no
/// body at all is an empty one. What is malformed is 400, of another type 415, too long 413.
/// </summary>
/// <typeparam name="T">Documents the fields.</typeparam>
public sealed partial class SolderBody<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private const int LimitBytes = 256 * 1024;

    private readonly HttpRequest request;

    private SolderBody(HttpContext context) => request = context.Request;

    /// <summary>Binds a handler's parameter of this type without touching the body.</summary>
    public static ValueTask<SolderBody<T>?> BindAsync(HttpContext context) => ValueTask.FromResult<SolderBody<T>?>(new(context));

    /// <summary>Reads the whole body.</summary>
    public async Task<SolderForm> ReadAsync(CancellationToken stop)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (await ReadBodyAsync(fields, stop) is { } error) return new SolderForm(error);
        foreach (var (name, values) in request.Query) // as Solder takes them too; the body wins
            if (!fields.ContainsKey(name)) fields[name] = JsonSerializer.SerializeToElement(values.ToString());
        return new SolderForm(fields);
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json", "application/x-www-form-urlencoded", "multipart/form-data"], typeof(T), isOptional: true));

    private async Task<ApiError?> ReadBodyAsync(Dictionary<string, JsonElement> fields, CancellationToken stop)
    {
        if (!request.HasJsonBody() && !request.HasFormContentType)
        {
            var hasBody = request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } && request.ContentLength is not 0;
            return hasBody ? new(StatusCodes.Status415UnsupportedMediaType, ErrorCodes.UnsupportedMediaType, "the body's Content-Type must be application/json or a form's") : null;
        }

        if (await RequestBytes.ReadAsync(request, LimitBytes, stop) is not { } bytes) return ApiError.TooLarge(LimitBytes);
        if (bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty) return null;
        return request.HasFormContentType ? await ReadFormAsync(bytes, fields, stop) : ReadJson(bytes, fields);
    }

    private static ApiError? ReadJson(byte[] bytes, Dictionary<string, JsonElement> fields)
    {
        if (!StrictJson.Holds(bytes)) return ApiError.BadRequest(ErrorCodes.InvalidJson, "the body is not valid JSON");
        using var document = JsonDocument.Parse(bytes);
        if (document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.GetArrayLength() == 0) return null; // an empty object, as PHP writes it
        if (document.RootElement.ValueKind != JsonValueKind.Object) return ApiError.BadRequest(ErrorCodes.InvalidJson, "the body must be a JSON object");
        foreach (var member in document.RootElement.EnumerateObject()) fields[member.Name] = member.Value.Clone();
        return null;
    }

    private async Task<ApiError?> ReadFormAsync(byte[] bytes, Dictionary<string, JsonElement> fields, CancellationToken stop)
    {
        if (await RequestBytes.ReadFormAsync(request, bytes, stop) is not { } form)
            return ApiError.BadRequest(ErrorCodes.InvalidRequest, "the form is malformed, or has too many or too long fields");
        foreach (var (name, values) in form)
        {
            var list = ListName().Match(name); // modpacks[] and modpacks[0]
            if (!list.Success) fields[name] = JsonSerializer.SerializeToElement(values.ToString());
            else fields[list.Groups["name"].Value] = JsonSerializer.SerializeToElement(Items(fields.GetValueOrDefault(list.Groups["name"].Value)).Concat(values));
        }

        return null;
    }

    private static IEnumerable<string?> Items(JsonElement list) => list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(item => item.GetString())] : [];

    [GeneratedRegex(@"\A(?<name>[^\[\]]+)\[\d*\]\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ListName();
}
