using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.RailcraftPack.Messages;

/// <summary><c>POST /api/v1/admin/messages</c>.</summary>
internal static class CreateMessage
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

    public static void Map(IEndpointRouteBuilder messages) => messages.MapPost("", HandleAsync).WithName(nameof(CreateMessage));

    /// <summary>Adds a message that clients of the Railcraft Pack dialect show to players.</summary>
    private static async Task<Results<Created<Message>, ApiError>> HandleAsync(JsonBody<Request> body, Actor actor, MessageQueries messages, CancellationToken stop)
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
}
