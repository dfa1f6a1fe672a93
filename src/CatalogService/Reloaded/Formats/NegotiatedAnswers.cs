using System.Globalization;
using System.Text.Json;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Reloaded.Formats;

/// <summary>
/// Around every route of the dialect: what a handler answers as <c>Ok</c>, <c>Created</c> or an error is written in the format that the request asks for. Outages become errors here too, so
/// that they come in that format; what is a bug goes on to the service's own handling.
/// </summary>
internal sealed class NegotiatedAnswers(AnswerFormats formats, MessagePackForm form, Zstd zstd) : IEndpointFilter
{
    private static readonly ApiError BadFormat = ApiError.Invalid("format", "json or msgpack");

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!formats.TryChoose(context.HttpContext.Request, out var format)) return Write(BadFormat, format);
        object? result;
        try
        {
            result = await next(context);
        }
        catch (Exception error) when (error is not OperationCanceledException && ErrorsFeature.ToError(error) is { StatusCode: not StatusCodes.Status500InternalServerError } expected)
        {
            result = expected;
        }

        if (result is INestedHttpResult nested) result = nested.Result;
        return result switch
        {
            ReloadedError error => Write(error, format),
            ApiError error => Write(error, format),
            IValueHttpResult { Value: { } value } => new Answer(this, format, value, (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK),
            _ => result,
        };
    }

    private Answer Write(ReloadedError error, AnswerFormat format) => new(this, format, error.Body, error.StatusCode) { RetryAfter = error.RetryAfter };

    private byte[] Serialize(object value, AnswerFormat format)
    {
        if (format.Form == AnswerForm.Json) return JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), ApiJson.Options);
        var writer = new MessagePackWriter();
        form.Write(writer, value);
        return format.IsCompressed ? zstd.Compress(writer.Written, Zstd.AnswerLevel) : writer.Written.ToArray();
    }

    private sealed class Answer(NegotiatedAnswers answers, AnswerFormat format, object value, int status) : IResult
    {
        public TimeSpan? RetryAfter { get; init; }

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            var body = answers.Serialize(value, format);
            response.StatusCode = status;
            response.ContentType = format.Form == AnswerForm.Json ? "application/json; charset=utf-8" : AnswerFormats.MessagePackType;
            response.ContentLength = body.Length;
            response.Headers.Vary = "Accept, Accept-Encoding";
            if (format.IsCompressed) response.Headers.ContentEncoding = AnswerFormats.Zstandard;
            if (status >= StatusCodes.Status400BadRequest) response.Headers.CacheControl = "no-store";
            if (status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
            if (RetryAfter is { } wait) response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
