using System.Buffers;
using System.Globalization;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Reloaded;

namespace PackRelay.CatalogService.Reloaded.Formats;

/// <summary>
/// Around every route of the dialect: what a handler answers as <c>Ok</c>, <c>Created</c> or an error is written in the format that the request asks for. Outages become errors here too, so
/// that they come in that format; what is a bug goes on to the service's own handling.
/// </summary>
internal sealed class NegotiatedAnswers(AnswerFormats formats, MessagePackForm form, Zstd zstd, AnswerBuffers buffers) : IEndpointFilter
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
            IValueHttpResult { Value: { } value } => new Answer(this, buffers, format, value, (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK),
            _ => result,
        };
    }

    private Answer Write(ReloadedError error, AnswerFormat format) => new(this, buffers, format, error.Body, error.StatusCode) { RetryAfter = error.RetryAfter };

    private void Serialize(object value, AnswerFormat format, ArrayBufferWriter<byte> body)
    {
        if (format.Form == AnswerForm.Json)
        {
            SizedJson.Write(body, value);
            return;
        }

        if (!format.IsCompressed)
        {
            form.Write(new MessagePackWriter(body), value);
            return;
        }

        var content = buffers.Take();
        try
        {
            form.Write(new MessagePackWriter(content), value);
            zstd.Compress(content.WrittenSpan, Zstd.AnswerLevel, body);
        }
        finally
        {
            buffers.GiveBack(content);
        }
    }

    private sealed class Answer(NegotiatedAnswers answers, AnswerBuffers buffers, AnswerFormat format, object value, int status) : IResult
    {
        public TimeSpan? RetryAfter { get; init; }

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var body = buffers.Take();
            try
            {
                answers.Serialize(value, format, body);
                await WriteAsync(httpContext, body.WrittenMemory);
            }
            finally
            {
                buffers.GiveBack(body);
            }
        }

        private async Task WriteAsync(HttpContext httpContext, ReadOnlyMemory<byte> body)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            format.WriteTo(response, body.Length);
            if (status >= StatusCodes.Status400BadRequest) response.Headers.CacheControl = "no-store";
            if (status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
            if (RetryAfter is { } wait) response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
