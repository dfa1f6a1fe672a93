using System.Text.Json.Serialization;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Reloaded;

namespace PackRelay.CatalogService.Reloaded;

/// <summary>An error of the Reloaded-III dialect: <c>{ "error" }</c>, with <c>code</c> where the dialect's document does not fix the whole body, and <c>index</c> in batches.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="error">Text for people; four of them are fixed by the dialect.</param>
/// <param name="code">Constant for programs, as native errors have it; null where the document gives the body.</param>
/// <param name="index">Which item of the batch decided, from 0; null outside batches.</param>
internal sealed class ReloadedError(int status, string error, string? code = null, int? index = null) : IResult, IStatusCodeHttpResult
{
    /// <summary>Name of the body's schema in the API document.</summary>
    public const string Schema = "ReloadedErrorEnvelope";

    /// <summary>HTTP status.</summary>
    public int StatusCode => status;

    int? IStatusCodeHttpResult.StatusCode => status;

    /// <summary>Sent as Retry-After.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same error of an item of a batch.</summary>
    public ReloadedError At(int item) => new(status, error, code, item) { RetryAfter = RetryAfter };

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ApiError.WriteHead(httpContext.Response, status, RetryAfter);
        return httpContext.RequestServices.GetRequiredService<NegotiatedErrors>().WriteAsync(httpContext, new Envelope(error, code, index));
    }

    public static implicit operator ReloadedError(ApiError native) => new(native.StatusCode, native.Error, native.Code) { RetryAfter = native.RetryAfter };

    /// <summary>The body of an error answer of the Reloaded-III routes.</summary>
    /// <param name="Error">Text for people. <c>Unrecognized gameId</c>, <c>Unrecognized gameVersionId</c>, <c>Unrecognized packageId</c>, <c>Unrecognized packageVersion</c> and <c>No matching assets</c> are constant.</param>
    /// <param name="Code">Constant for programs; absent from the errors whose whole body the dialect fixes.</param>
    /// <param name="Index">Which item of a batch decided, from 0; absent elsewhere.</param>
    public sealed record Envelope(
        string Error,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Index = null);
}
