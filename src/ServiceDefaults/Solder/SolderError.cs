using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.Solder;

/// <summary>
/// An error as Solder answers it: <c>{ "error": text }</c>, or <c>{ "error": { field: [text] } }</c> for a body that breaks rules. What Solder's framework answers by itself
/// (nobody signed in, not allowed, no such route, too many requests) has the same text in <c>message</c> as well, which is all that Solder sends there.
/// </summary>
public sealed class SolderError : IResult, IStatusCodeHttpResult
{
    private readonly int status;

    private readonly Envelope body;

    private SolderError(int status, Envelope body) => (this.status, this.body) = (status, body);

    /// <inheritdoc/>
    public int? StatusCode => status;

    /// <summary>404 with a text of Solder's.</summary>
    public static SolderError NotFound(string error) => new(StatusCodes.Status404NotFound, new Envelope(error));

    /// <summary>422 with a text of Solder's.</summary>
    public static SolderError Unprocessable(string error) => new(StatusCodes.Status422UnprocessableEntity, new Envelope(error));

    /// <summary>422 with what is wrong, by field.</summary>
    public static SolderError Invalid(IReadOnlyDictionary<string, IReadOnlyList<string>> problems) => new(StatusCodes.Status422UnprocessableEntity, new Envelope(problems));

    /// <summary>422 for one field.</summary>
    public static SolderError Invalid(string field, string problem) =>
        Invalid(new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [field] = [problem] });

    /// <summary>409 with a text of Solder's.</summary>
    public static SolderError Conflict(string error) => new(StatusCodes.Status409Conflict, new Envelope(error));

    /// <summary>403 with a text of Solder's.</summary>
    public static SolderError Forbidden(string error) => new(StatusCodes.Status403Forbidden, new Envelope(error));

    /// <summary>403 as Solder's framework words it.</summary>
    public static SolderError Unauthorized() => Framework(StatusCodes.Status403Forbidden, "This action is unauthorized.");

    /// <summary>An error of the hub's own making (a limit, an outage, a malformed request) in Solder's envelope.</summary>
    public static SolderError Of(ApiError error, HttpRequest request) => Framework(error.StatusCode, error.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => "Unauthenticated.",
        StatusCodes.Status403Forbidden => "This action is unauthorized.",
        StatusCodes.Status404NotFound => $"The route {Route(request)} could not be found.",
        StatusCodes.Status405MethodNotAllowed => $"The {request.Method} method is not supported for route {Route(request)}.",
        StatusCodes.Status429TooManyRequests => "Too Many Attempts.",
        _ => error.Error,
    });

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.Headers.CacheControl = "no-store";
        return WriteAsync(httpContext);
    }

    /// <summary>Writes the body; status and headers are there already.</summary>
    internal Task WriteAsync(HttpContext context) => context.Response.WriteAsJsonAsync(body, ApiJson.Options, contentType: null, context.RequestAborted);

    private static SolderError Framework(int status, string text) => new(status, new Envelope(text, text));

    private static string Route(HttpRequest request) => (request.Path.Value ?? "").Trim('/');

    /// <summary>The body of an error answer.</summary>
    /// <param name="Error">A text, or texts by field.</param>
    /// <param name="Message">The same text, where the framework answers.</param>
    private sealed record Envelope(object Error, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null);
}
