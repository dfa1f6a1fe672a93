using System.IO.Compression;
using System.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Reloaded;

namespace PackRelay.CatalogService.Reloaded.Formats;

/// <summary>
/// A body of the dialect, which the handler reads when it is ready to: JSON or MessagePack by its Content-Type, plain or compressed (<c>zstd</c>, <c>gzip</c>) by its Content-Encoding, and then judged
/// by the rules of JSON bodies. The limit holds for what arrives and for what it expands to.
/// </summary>
/// <typeparam name="T">The request record, or a list.</typeparam>
public sealed class WireBody<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private const int DefaultLimitBytes = 1024 * 1024;

    private const string Gzip = "gzip";

    private readonly HttpContext context;

    private WireBody(HttpContext context) => this.context = context;

    /// <summary>Reads the whole body.</summary>
    /// <param name="stop">Cancels the reading.</param>
    /// <param name="limitBytes">Longest body, as it arrives and expanded; a longer one is 413.</param>
    public async Task<JsonBodyResult<T>> ReadAsync(CancellationToken stop, int limitBytes = DefaultLimitBytes)
    {
        var request = context.Request;
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed.MediaType : default;
        var isMessagePack = AnswerFormats.IsMessagePack(type);
        if (!isMessagePack && !request.HasJsonBody() && !IsAbsent()) return Refused(UnsupportedType());
        var coding = request.Headers.ContentEncoding.ToString();
        if (!IsKnown(coding)) return Refused(UnsupportedCoding());

        var bytes = await RequestBytes.ReadAsync(request, limitBytes, stop);
        if (bytes is null) return Refused(ApiError.TooLarge(limitBytes));
        var error = Expand(coding, limitBytes, ref bytes);
        if (error is not null) return Refused(error);
        if (isMessagePack)
        {
            if (!MessagePackToJson.TryConvert(bytes, out var json, out var problem)) return Refused(ApiError.BadRequest(ReloadedErrors.InvalidMessagePack, problem));
            bytes = json;
        }

        return JsonText.Read<T>(bytes, ErrorCodes.InvalidJson);
    }

    /// <summary>Binds a handler's parameter of this type without touching the body.</summary>
    public static ValueTask<WireBody<T>?> BindAsync(HttpContext context) => ValueTask.FromResult<WireBody<T>?>(new(context));

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata([AnswerFormats.JsonType, AnswerFormats.AnyType], typeof(T)));

    /// <summary>No body at all is empty JSON rather than one of another type: the answer says what is missing.</summary>
    private bool IsAbsent() =>
        string.IsNullOrEmpty(context.Request.ContentType) && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    private static JsonBodyResult<T> Refused(ApiError error) => JsonBodyResult<T>.Refused(error);

    private static bool IsKnown(string coding) =>
        coding.Length == 0 || Is(coding, "identity") || Is(coding, AnswerFormats.Zstandard) || Is(coding, Gzip);

    private static bool Is(string coding, string name) => coding.Equals(name, StringComparison.OrdinalIgnoreCase);

    private ApiError? Expand(string coding, int limitBytes, ref byte[] bytes)
    {
        var ending = Expansion.Whole;
        var expanded = bytes;
        if (Is(coding, AnswerFormats.Zstandard)) ending = context.RequestServices.GetRequiredService<Zstd>().TryExpand(bytes, limitBytes, out expanded);
        else if (Is(coding, Gzip)) ending = TryGunzip(bytes, limitBytes, out expanded);
        bytes = expanded;
        return ending switch
        {
            Expansion.TooLarge => new ApiError(StatusCodes.Status413PayloadTooLarge, ErrorCodes.TooLarge, $"the body expands to more than the limit of {limitBytes} bytes"),
            Expansion.Broken => ApiError.BadRequest(ReloadedErrors.InvalidEncoding, $"the body is not whole as Content-Encoding {coding}"),
            _ => null,
        };
    }

    private static Expansion TryGunzip(byte[] bytes, int limitBytes, out byte[] content)
    {
        content = [];
        if (bytes.Length == 0) return Expansion.Broken;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes, writable: false), CompressionMode.Decompress);
            using var target = new MemoryStream();
            var piece = new byte[16 * 1024];
            while (gzip.Read(piece) is var count and > 0)
            {
                if (target.Length + count > limitBytes) return Expansion.TooLarge;
                target.Write(piece, 0, count);
            }

            content = target.ToArray();
            return Expansion.Whole;
        }
        catch (InvalidDataException)
        {
            return Expansion.Broken;
        }
    }

    private static ApiError UnsupportedType() =>
        new(StatusCodes.Status415UnsupportedMediaType, ErrorCodes.UnsupportedMediaType, "the body's Content-Type must be application/json or application/msgpack");

    private static ApiError UnsupportedCoding() =>
        new(StatusCodes.Status415UnsupportedMediaType, ErrorCodes.UnsupportedMediaType, "the body's Content-Encoding must be zstd or gzip, or none");
}
