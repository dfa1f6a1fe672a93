using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.RailcraftPack.Messages;

/// <summary><c>POST</c>, <c>GET</c> and <c>DELETE /api/v1/admin/messages</c>: the messages that clients of the Railcraft Pack dialect show to players.</summary>
internal static class ManageMessages
{
    /// <summary>409: the hub has as many messages as it may have.</summary>
    public const string TooManyMessages = "too_many_messages";

    private const int MaxTextLength = 500;

    private const int MaxIntervalSeconds = 31_536_000; // a year

    /// <summary>A message. Errors, by <c>code</c>: <c>invalid_color</c>, <c>invalid_text</c>, <c>invalid_interval_seconds</c> 400; <c>too_many_messages</c> 409.</summary>
    /// <param name="Color">Minecraft's name of its colour, such as <c>dark_aqua</c>.</param>
    /// <param name="Text">1 to 500 characters on one line.</param>
    /// <param name="IntervalSeconds">Seconds that pass before it is shown again, to whomever; 1 to 31536000, null for none.</param>
    public sealed record Request(string Color, string Text, int? IntervalSeconds = null);

    /// <summary>A message.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="Color">Minecraft's name of its colour.</param>
    /// <param name="Text">What it says.</param>
    /// <param name="IntervalSeconds">Seconds that pass before it is shown again; null for none.</param>
    /// <param name="ShownAt">When it was shown last, UTC; null for never, and for messages without an interval.</param>
    /// <param name="CreatedAt">When it was made, UTC.</param>
    public sealed record Message(long Id, string Color, string Text, int? IntervalSeconds, DateTimeOffset? ShownAt, DateTimeOffset CreatedAt);

    /// <summary>The hub's messages.</summary>
    /// <param name="Messages">Newest first; at most 200.</param>
    public sealed record List(IReadOnlyList<Message> Messages);

    public static void Map(IEndpointRouteBuilder app)
    {
        var admin = app.MapGroup("/api/v1/admin/messages").RequireRole(Role.Admin).RequireSession();
        admin.MapPost("", CreateAsync).WithName("CreateMessage");
        admin.MapRead("", ListAsync).WithName("ListMessages");
        admin.MapDelete("/{id}", DeleteAsync).WithName("DeleteMessage");
    }

    /// <summary>Adds a message that clients of the Railcraft Pack dialect show to players.</summary>
    private static async Task<Results<Created<Message>, ApiError>> CreateAsync(JsonBody<Request> body, Actor actor, MessageQueries messages, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out var error)) return error;
        error = Fields.Check("color", MessageColors.IsValid(request.Color), MessageColors.Rule)
            ?? Fields.Name("text", request.Text, MaxTextLength)
            ?? Fields.Check("intervalSeconds", request.IntervalSeconds is null or (>= 1 and <= MaxIntervalSeconds), $"1 to {MaxIntervalSeconds} seconds, or null");
        if (error is not null) return error;
        return await messages.AddAsync(request, actor, stop) is { } message
            ? TypedResults.Created($"/api/v1/admin/messages/{message.Id}", message)
            : ApiError.Conflict(TooManyMessages, $"the hub has at most {MessageQueries.MaxMessages} messages; delete those that are not needed");
    }

    /// <summary>All messages that clients of the Railcraft Pack dialect show to players.</summary>
    private static async Task<Ok<List>> ListAsync(MessageQueries messages, CancellationToken stop) => TypedResults.Ok(new List(await messages.ListAsync(stop)));

    /// <summary>Deletes a message: 204.</summary>
    private static async Task<Results<NoContent, ApiError>> DeleteAsync(string id, Actor actor, MessageQueries messages, CancellationToken stop) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && await messages.DeleteAsync(number, actor, stop)
            ? TypedResults.NoContent()
            : ApiError.NotFound("message", id);
}
