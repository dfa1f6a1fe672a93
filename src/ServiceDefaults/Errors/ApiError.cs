using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Reloaded;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.ServiceDefaults.Errors;

/// <summary>The native error answer: <c>{ "error": text for people, "code": constant for programs }</c>, with members of its own where a route documents them.
/// On a route of the Solder dialect it is written as <see cref="SolderError"/> has it, on one of the Reloaded-III dialect in the format that the request asks for.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">Constant from the closed list.</param>
/// <param name="error">Text that names the field and the limit; clients show it verbatim.</param>
public sealed class ApiError(int status, string code, string error) : IResult, IStatusCodeHttpResult
{
    /// <summary>HTTP status.</summary>
    public int StatusCode => status;

    int? IStatusCodeHttpResult.StatusCode => status;

    /// <summary>Constant from the closed list.</summary>
    public string Code => code;

    /// <summary>Text for people.</summary>
    public string Error => error;

    /// <summary>All problems of a body, where a route reports more than the first; at most 100.</summary>
    public IReadOnlyList<ErrorDetail>? Details { get; init; }

    /// <summary>SHA-256 of files that are referred to and were not uploaded.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>Sent as Retry-After, in whole seconds, rounded up.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>400 with a code of its own.</summary>
    public static ApiError BadRequest(string code, string error) => new(StatusCodes.Status400BadRequest, code, error);

    /// <summary>400 <c>invalid_&lt;field&gt;</c>: the text is the field's name and what it must be.</summary>
    public static ApiError Invalid(string field, string rule) => BadRequest("invalid_" + SnakeCase(field), $"{field}: {rule}");

    /// <summary>401 <c>unauthenticated</c>.</summary>
    public static ApiError Unauthenticated() =>
        new(StatusCodes.Status401Unauthorized, ErrorCodes.Unauthenticated, "sign in, or send an API token as 'Authorization: Bearer <token>'");

    /// <summary>403 <c>forbidden</c>.</summary>
    public static ApiError Forbidden(string error) => new(StatusCodes.Status403Forbidden, ErrorCodes.Forbidden, error);

    /// <summary>403 <c>role_required</c>.</summary>
    public static ApiError RoleRequired(Role role) =>
        new(StatusCodes.Status403Forbidden, ErrorCodes.RoleRequired, $"this needs the role {SnakeCase(role.ToString())}");

    /// <summary>403 <c>scope_required</c>.</summary>
    public static ApiError ScopeRequired(string scope) => new(StatusCodes.Status403Forbidden, ErrorCodes.ScopeRequired, $"the API token lacks the scope {scope}");

    /// <summary>403 <c>not_owner</c>.</summary>
    public static ApiError NotOwner(string kind, string name) =>
        new(StatusCodes.Status403Forbidden, ErrorCodes.NotOwner, $"the {kind} '{name}' belongs to another account");

    /// <summary>404 <c>not_found</c>.</summary>
    public static ApiError NotFound(string kind, string name) => NotFound(ErrorCodes.NotFound, kind, name);

    /// <summary>404 with a code of its own.</summary>
    public static ApiError NotFound(string code, string kind, string name) => new(StatusCodes.Status404NotFound, code, $"there is no {kind} '{name}'");

    /// <summary>409 with a code of its own.</summary>
    public static ApiError Conflict(string code, string error) => new(StatusCodes.Status409Conflict, code, error);

    /// <summary>422 with a code of its own.</summary>
    public static ApiError Unprocessable(string code, string error) => new(StatusCodes.Status422UnprocessableEntity, code, error);

    /// <summary>413 <c>too_large</c>.</summary>
    public static ApiError TooLarge(long limitBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, ErrorCodes.TooLarge, $"the body is over the limit of {limitBytes} bytes");

    /// <summary>503 <c>unavailable</c>.</summary>
    public static ApiError Unavailable(string part) => Unavailable(ErrorCodes.Unavailable, part);

    /// <summary>503 with a code of its own.</summary>
    public static ApiError Unavailable(string code, string part) =>
        new(StatusCodes.Status503ServiceUnavailable, code, $"{part} is not available at the moment, try again") { RetryAfter = TimeSpan.FromSeconds(2) };

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        WriteHead(httpContext.Response, status, RetryAfter);
        if (SolderRoutes.Contains(httpContext.Request.Path)) return SolderError.Of(this, httpContext.Request).WriteAsync(httpContext);
        var body = new Envelope(error, code, Details, Missing);
        return ReloadedRoutes.Contains(httpContext.Request.Path)
            ? httpContext.RequestServices.GetRequiredService<NegotiatedErrors>().WriteAsync(httpContext, body)
            : SizedJson.WriteAsync(httpContext.Response, body, httpContext.RequestAborted);
    }

    /// <summary>Writes the status and headers that errors of every dialect have.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="retryAfter">Sent as Retry-After, in whole seconds, rounded up.</param>
    public static void WriteHead(HttpResponse response, int status, TimeSpan? retryAfter)
    {
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (retryAfter is { } wait) response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string SnakeCase(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>The body of an error answer.</summary>
    /// <param name="Error">Text for people.</param>
    /// <param name="Code">Constant for programs.</param>
    /// <param name="Details">All problems of the body, where the route reports them.</param>
    /// <param name="Missing">SHA-256 of files that were not uploaded.</param>
    public sealed record Envelope(
        string Error,
        string Code,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ErrorDetail>? Details,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Missing);
}

/// <summary>One problem of a body.</summary>
/// <param name="Path">Where: <c>files[3].path</c>.</param>
/// <param name="Message">What is wrong, with the limit.</param>
public sealed record ErrorDetail(string Path, string Message);
