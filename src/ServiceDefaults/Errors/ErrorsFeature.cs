using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Npgsql;
using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.ServiceDefaults.Errors;

/// <summary>Gives every failure the native envelope: exceptions, unknown routes, wrong methods. No answer ever shows a stack trace.</summary>
public static class ErrorsFeature
{
    /// <summary>Turns exceptions and empty error answers into native errors. First in the pipeline.</summary>
    public static IApplicationBuilder UseNativeErrors(this IApplicationBuilder app) => app
        .UseExceptionHandler(new ExceptionHandlerOptions
        {
            AllowStatusCode404Response = true,
            ExceptionHandler = context => ToError(context.Features.Get<IExceptionHandlerFeature>()!.Error).ExecuteAsync(context),
            // Outages and broken requests are expected: they are answered, counted by status, and not logged as bugs with a stack trace.
            SuppressDiagnosticsCallback = context => ToError(context.Exception).StatusCode != StatusCodes.Status500InternalServerError,
        })
        .UseStatusCodePages(context => ToError(context.HttpContext).ExecuteAsync(context.HttpContext));

    /// <summary>The answer for an exception that no handler expected.</summary>
    public static ApiError ToError(Exception error) => error switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            new(StatusCodes.Status413PayloadTooLarge, ErrorCodes.TooLarge, "the body is over this route's limit"),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            new(StatusCodes.Status408RequestTimeout, ErrorCodes.Timeout, "the body arrived too slowly"),
        BadHttpRequestException => ApiError.BadRequest(ErrorCodes.InvalidRequest, "the request is malformed or broke off"),
        NpgsqlException { IsTransient: true } or PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.CrashShutdown } =>
            ApiError.Unavailable("the database"),
        NpgsqlException { InnerException: SocketException or IOException or TimeoutException } => ApiError.Unavailable("the database"),
        RedisUnavailableException => ApiError.Unavailable("shared state"),
        HttpRequestException => ApiError.Unavailable("another service"),
        _ => new(StatusCodes.Status500InternalServerError, ErrorCodes.InternalError, "something went wrong on our side; it has been logged"),
    };

    private static ApiError ToError(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new(404, ErrorCodes.NotFound, $"there is no route {context.Request.Method} {context.Request.Path}"),
        StatusCodes.Status405MethodNotAllowed => new(405, ErrorCodes.MethodNotAllowed, $"{context.Request.Path} does not answer {context.Request.Method}"),
        StatusCodes.Status413PayloadTooLarge => new(413, ErrorCodes.TooLarge, "the body is over this route's limit"),
        StatusCodes.Status415UnsupportedMediaType => new(415, ErrorCodes.UnsupportedMediaType, "the body's Content-Type must be application/json"),
        StatusCodes.Status401Unauthorized => ApiError.Unauthenticated(),
        StatusCodes.Status403Forbidden => ApiError.Forbidden("not allowed"),
        StatusCodes.Status502BadGateway => new(502, ErrorCodes.BadGateway, "a service behind the gateway broke off") { RetryAfter = TimeSpan.FromSeconds(1) },
        StatusCodes.Status503ServiceUnavailable => ApiError.Unavailable("the service"),
        StatusCodes.Status504GatewayTimeout => new(504, ErrorCodes.Timeout, "a service behind the gateway did not answer in time") { RetryAfter = TimeSpan.FromSeconds(2) },
        >= 500 and var status => new(status, ErrorCodes.InternalError, "something went wrong on our side; it has been logged"),
        var status => new(status, ErrorCodes.InvalidRequest, "the request could not be processed"),
    };
}
