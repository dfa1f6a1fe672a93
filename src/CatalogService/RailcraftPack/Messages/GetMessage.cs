using System.Text.Json.Serialization;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack.Messages;

/// <summary>
/// <c>GET /api/get_message/</c>: one of the hub's messages, at random, among those whose interval since they were shown last has passed; POST does as well. Also as <c>message</c> and <c>get_server_message</c>; the dialect's page
/// has lost the endpoint's name, these are inferred. No errors: without a message the text is empty.
/// </summary>
internal static class GetMessage
{
    private static readonly ShownMessage Nothing = new(MessageColors.White, "");

    /// <summary>Answer of <c>get_message</c>.</summary>
    public sealed record Answer : RailcraftAnswer
    {
        /// <summary>Minecraft's name of the colour, such as <c>dark_aqua</c>; absent on failure.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Color { get; init; }

        /// <summary>The message; empty when none may be shown, absent on failure.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Text { get; init; }
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapRailcraftGet(
        HandleAsync,
        get => get.WithName(nameof(GetMessage)).Produces<Answer>()
            .TakesQuery("ignore_time_limit", "`true`: any message, also one that was shown a moment ago; it does not count as shown then. Any other value changes nothing."),
        "get_message", "message", "get_server_message");

    private static async Task<IResult> HandleAsync(RailcraftFields fields, MessageQueries messages, CancellationToken stop)
    {
        var message = (fields.Text("ignore_time_limit") == "true" ? await messages.AnyAsync(stop) : await messages.ShowAsync(stop)) ?? Nothing;
        return TypedResults.Ok(new Answer { Color = message.Color, Text = message.Text });
    }
}
