using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>
/// JSON whose length is said in the head of the answer. Without it an answer goes in chunks, and the end of the last one is a write and a read of its own at each hop, which
/// costs more than the few bytes that most answers have.
/// </summary>
public static class SizedJson
{
    private const string ContentType = "application/json; charset=utf-8";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = ApiJson.Options.Encoder, SkipValidation = true };

    /// <summary>Writes what the route answers with <c>Ok</c> in this way. Answers of other kinds stay as they are.</summary>
    public static RouteHandlerBuilder WithLength(this RouteHandlerBuilder route) => route.AddEndpointFilter(static async (invocation, next) =>
    {
        var result = await next(invocation);
        if (result is INestedHttpResult nested) result = nested.Result;
        return result is IValueHttpResult { Value: { } value } and IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK } and not IContentTypeHttpResult ? new Answer(value) : result;
    });

    /// <summary>Writes a value as the whole body.</summary>
    public static async Task WriteAsync(HttpResponse response, object value, CancellationToken stop)
    {
        response.ContentType = ContentType;
        response.ContentLength = Write(response.BodyWriter, value); // nothing of it has left: the head comes with the first flush
        await response.BodyWriter.FlushAsync(stop);
    }

    /// <summary>Writes a value, and gives its length in bytes.</summary>
    public static long Write(IBufferWriter<byte> output, object value)
    {
        using var json = new Utf8JsonWriter(output, WriterOptions);
        JsonSerializer.Serialize(json, value, value.GetType(), ApiJson.Options);
        json.Flush();
        return json.BytesCommitted;
    }

    // What stands around it looks at results too.
    private sealed class Answer(object value) : IResult, IValueHttpResult, IStatusCodeHttpResult
    {
        public object? Value => value;

        public int? StatusCode => StatusCodes.Status200OK;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status200OK;
            return WriteAsync(httpContext.Response, value, httpContext.RequestAborted);
        }
    }
}
