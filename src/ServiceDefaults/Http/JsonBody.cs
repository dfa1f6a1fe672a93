using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>
/// A JSON body that the handler reads when it is ready to: after credentials, role, existence and ownership are settled, because those
/// answers come first whatever the body holds. Duplicate members (of any name), broken characters, a byte order mark, trailing content and wrong types are 400 <c>invalid_json</c>.
/// </summary>
/// <typeparam name="T">The request record: a constructor parameter without a default value must be present, one that is not nullable must not be null.</typeparam>
public sealed class JsonBody<T> : IEndpointParameterMetadataProvider
    where T : class
{
    private const int DefaultLimitBytes = 64 * 1024;

    private readonly HttpContext context;

    private JsonBody(HttpContext context) => this.context = context;

    /// <summary>Reads the whole body, at most <paramref name="limitBytes"/> of it, and parses it strictly.</summary>
    /// <param name="stop">Cancels the reading.</param>
    /// <param name="limitBytes">Longest body; a longer one is 413.</param>
    /// <param name="shapeCode">Code for good JSON of another shape (wrong type, missing member), where a route has one of its own; broken JSON stays <c>invalid_json</c>.</param>
    public async Task<JsonBodyResult<T>> ReadAsync(CancellationToken stop, int limitBytes = DefaultLimitBytes, string shapeCode = ErrorCodes.InvalidJson)
    {
        if (!context.Request.HasJsonBody() && !IsAbsent()) return new(JsonContentType.Unsupported());
        var bytes = await RequestBytes.ReadAsync(context.Request, limitBytes, stop);
        if (bytes is null) return new(ApiError.TooLarge(limitBytes));
        return JsonText.Read<T>(bytes, shapeCode);
    }

    /// <summary>Binds a handler's parameter of this type without touching the body.</summary>
    public static ValueTask<JsonBody<T>?> BindAsync(HttpContext context) => ValueTask.FromResult<JsonBody<T>?>(new(context));

    /// <summary>No body at all is empty JSON rather than one of another type: the answer says what is missing.</summary>
    private bool IsAbsent() =>
        string.IsNullOrEmpty(context.Request.ContentType) && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    static void IEndpointParameterMetadataProvider.PopulateMetadata(System.Reflection.ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
}

/// <summary>A parsed body, or the error to answer with.</summary>
/// <typeparam name="T">The request record.</typeparam>
public readonly struct JsonBodyResult<T>
    where T : class
{
    internal JsonBodyResult(T value) => Value = value;

    internal JsonBodyResult(ApiError error) => Error = error;

    /// <summary>A body that was refused before it could be read as JSON.</summary>
    public static JsonBodyResult<T> Refused(ApiError error) => new(error);

    /// <summary>The parsed body.</summary>
    public T? Value { get; }

    /// <summary>What to answer when there is none.</summary>
    public ApiError? Error { get; }

    /// <summary>Whether the body was good.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ApiError? error)
    {
        (value, error) = (Value, Error);
        return value is not null;
    }
}
