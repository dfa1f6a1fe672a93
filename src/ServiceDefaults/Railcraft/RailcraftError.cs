using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PackRelay.ServiceDefaults.Railcraft;

/// <summary>
/// A failure of the Railcraft Pack dialect: a row of its table of errors, and the answer that says so. The status is 200, as its clients expect: they look at <c>result</c> alone.
/// </summary>
public sealed class RailcraftError : IResult
{
    private static readonly string[] Texts =
    [
        "SQL Error",
        "A POST request is required",
        "Client ID required",
        "Client secret required",
        "Invalid client ID or secret",
        "Token has expired",
        "Token is required",
        "Error during internal request",
        "ID is required",
        "Database connection failed",
        "No tags found",
        "Token is invalid",
        "Too many words",
        "Ad limit reached",
        "Required variable was not defined",
    ];

    private RailcraftError(int number) => Number = number;

    /// <summary>Every text of the table: that of error 1 first.</summary>
    public static IReadOnlyList<string> AllTexts => Texts;

    /// <summary>Its number, 1 to 15.</summary>
    public int Number { get; }

    /// <summary>Its text, character for character.</summary>
    public string Text => Texts[Number - 1];

    /// <summary>What else is known; only 1 and 10 say more, and never a statement or an address.</summary>
    public string? Data { get; private init; }

    /// <summary>When to come back, where that is known; the status is 429 then. Sent as Retry-After, in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>1: the database refused a statement.</summary>
    public static RailcraftError Sql(string data) => new(1) { Data = data };

    /// <summary>2.</summary>
    public static RailcraftError PostRequired() => new(2);

    /// <summary>3.</summary>
    public static RailcraftError ClientIdRequired() => new(3);

    /// <summary>4.</summary>
    public static RailcraftError ClientSecretRequired() => new(4);

    /// <summary>7.</summary>
    public static RailcraftError TokenRequired() => new(7);

    /// <summary>8: another part of the hub failed, or is not done in time.</summary>
    public static RailcraftError Internal() => new(8);

    /// <summary>8: too many archives of one client.</summary>
    public static RailcraftError Internal(TimeSpan retryAfter) => new(8) { RetryAfter = retryAfter };

    /// <summary>9.</summary>
    public static RailcraftError IdRequired() => new(9);

    /// <summary>10: the database cannot be reached.</summary>
    public static RailcraftError Connection(string data) => new(10) { Data = data };

    /// <summary>11: no such pack, or nothing was published of it.</summary>
    public static RailcraftError NoTags() => new(11);

    /// <summary>13.</summary>
    public static RailcraftError TooManyWords() => new(13);

    /// <summary>14.</summary>
    public static RailcraftError AdLimit() => new(14);

    /// <summary>15: a parameter is missing, or is not what it must be.</summary>
    public static RailcraftError VariableRequired() => new(15);

    /// <summary>5, 6, 7 or 12: what Identity says of a client's credentials.</summary>
    /// <param name="number">The number.</param>
    /// <param name="retryAfter">When secrets may be tried again; null unless too many were.</param>
    public static RailcraftError Credentials(int number, TimeSpan? retryAfter) => new(number) { RetryAfter = retryAfter };

    /// <summary>The text of an error; empty for a number that the table does not have.</summary>
    public static string TextOf(long number) => number >= 1 && number <= Texts.Length ? Texts[number - 1] : "";

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        WriteHeaders(httpContext.Response, StatusCodes.Status200OK);
        return httpContext.Response.WriteAsJsonAsync(new RailcraftAnswer { Result = Number, Msg = Text, Error = Text, Data = Data }, httpContext.RequestAborted);
    }

    /// <summary>The error as plain text, for the one endpoint that gives a file.</summary>
    /// <param name="status">The status, unless it is 429.</param>
    public IResult AsText(int status) => new TextResult(this, status);

    private void WriteHeaders(HttpResponse response, int status)
    {
        response.StatusCode = RetryAfter is null ? status : StatusCodes.Status429TooManyRequests;
        if (RetryAfter is { } wait) response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }

    private sealed class TextResult(RailcraftError error, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            error.WriteHeaders(httpContext.Response, status);
            httpContext.Response.ContentType = "text/plain; charset=utf-8";
            return httpContext.Response.WriteAsync(error.Text, Encoding.UTF8, httpContext.RequestAborted);
        }
    }
}
