using System.Buffers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Reloaded;

namespace PackRelay.CatalogService.Reloaded.Formats;

/// <summary>
/// Around every route of the dialect: what a handler answers as <c>Ok</c> or <c>Created</c> is written in the format that the request asks for, as errors are by themselves. Outages become errors
/// here; what is a bug goes on to the service's own handling.
/// </summary>
internal sealed class NegotiatedAnswers(AnswerFormats formats, MessagePackForm form, Zstd zstd, AnswerBuffers buffers) : IEndpointFilter
{
    private static readonly ApiError BadFormat = ApiError.Invalid("format", "json or msgpack");

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!formats.TryChoose(context.HttpContext.Request, out var format)) return BadFormat;
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
        return result is IValueHttpResult { Value: { } value }
            ? new Answer(this, buffers, format, value, (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK)
            : result;
    }

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
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var body = buffers.Take();
            try
            {
                answers.Serialize(value, format, body);
                httpContext.Response.StatusCode = status;
                format.WriteTo(httpContext.Response, body.WrittenCount);
                await httpContext.Response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
            }
            finally
            {
                buffers.GiveBack(body);
            }
        }
    }
}
