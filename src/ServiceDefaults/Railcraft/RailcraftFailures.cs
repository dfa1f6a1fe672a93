using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PackRelay.ServiceDefaults.Railcraft;

/// <summary>Gives every failure of the dialect's endpoints, exceptions too, its answer in the dialect. Nothing of it may be kept by anybody on the way.</summary>
/// <param name="refuse">Makes the answer of an error.</param>
internal sealed partial class RailcraftFailures(Func<RailcraftError, IResult> refuse) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        try
        {
            var answer = await next(context);
            return answer is RailcraftError error ? refuse(error) : answer;
        }
        catch (Exception error) when (error is not BadHttpRequestException && !context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            var answer = ToError(error);
            var logger = context.HttpContext.RequestServices.GetRequiredService<ILogger<RailcraftFailures>>();
            if (IsOutage(answer, error)) Away(logger, answer.Number, error.GetType().Name, error.Message);
            else Failed(logger, error, answer.Number);
            return refuse(answer);
        }
    }

    private static bool IsOutage(RailcraftError answer, Exception error) => answer.Number == 10 || error is HttpRequestException or TimeoutException or OperationCanceledException;

    /// <summary>The database's own text is not passed on: it quotes statements and values.</summary>
    internal static RailcraftError ToError(Exception error) => error switch
    {
        PostgresException { SqlState: var state } when IsConnection(state) => RailcraftError.Connection($"SQLSTATE {state}"),
        PostgresException { SqlState: var state } => RailcraftError.Sql($"SQLSTATE {state}"),
        NpgsqlException { InnerException: SocketException or IOException or TimeoutException } or NpgsqlException { IsTransient: true } => RailcraftError.Connection("the database cannot be reached"),
        NpgsqlException => RailcraftError.Sql("the statement was not carried out"),
        _ => RailcraftError.Internal(),
    };

    // Classes 08, connections, and 28, sign-in; too many connections; a database that is not there, or that takes no connections; a server that stops or starts.
    private static bool IsConnection(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("28", StringComparison.Ordinal)
        || state is PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.ObjectNotInPrerequisiteState
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Answered with Railcraft error {Number}, a part is away: {Kind}: {Reason}")]
    private static partial void Away(ILogger logger, int number, string kind, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Answered with Railcraft error {Number}")]
    private static partial void Failed(ILogger logger, Exception error, int number);
}
