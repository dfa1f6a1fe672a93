using System.Text.Json.Serialization;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack;

/// <summary>
/// <c>GET /api/get_error/</c>: the text of an error, or all texts; POST does as well. Also as <c>get_error_message</c> and <c>errors</c>; the dialect's page has lost the endpoint's name, these are inferred. No errors.
/// </summary>
internal static class GetError
{
    /// <summary>Answer of <c>get_error</c> with a number.</summary>
    public sealed record OneAnswer : RailcraftAnswer
    {
        /// <summary>The text; empty for a number that no error has.</summary>
        [JsonPropertyName("error_message")]
        public required string ErrorMessage { get; init; }
    }

    /// <summary>Answer of <c>get_error</c> without a number.</summary>
    public sealed record AllAnswer : RailcraftAnswer
    {
        /// <summary>The texts of errors 1 to 15, in this order: that of error 1 is at index 0.</summary>
        [JsonPropertyName("error_message")]
        public required IReadOnlyList<string> ErrorMessage { get; init; }
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapRailcraftGet(
        Handle,
        get => get.WithName(nameof(GetError)).Answers(200, "`result`, `msg` and `error_message`: a text with `error_code`, else a list of all 15, that of error 1 first.", "application/json")
            .TakesQuery("error_code", "Number of an error, 1 to 15; without it all texts are answered."),
        "get_error", "get_error_message", "errors");

    private static IResult Handle(RailcraftFields fields) => fields.Text("error_code") is null
        ? TypedResults.Ok(new AllAnswer { ErrorMessage = RailcraftError.AllTexts })
        : TypedResults.Ok(new OneAnswer { ErrorMessage = RailcraftError.TextOf(fields.Number("error_code") ?? 0) });
}
