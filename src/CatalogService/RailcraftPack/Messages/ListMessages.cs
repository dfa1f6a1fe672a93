using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.RailcraftPack.Messages;

/// <summary><c>GET /api/v1/admin/messages</c>.</summary>
internal static class ListMessages
{
    /// <summary>The hub's messages.</summary>
    /// <param name="Messages">Newest first; at most 200.</param>
    public sealed record List(IReadOnlyList<Message> Messages);

    public static void Map(IEndpointRouteBuilder messages) => messages.MapRead("", HandleAsync).WithName(nameof(ListMessages));

    /// <summary>All messages that clients of the Railcraft Pack dialect show to players.</summary>
    private static async Task<Ok<List>> HandleAsync(MessageQueries messages, CancellationToken stop) => TypedResults.Ok(new List(await messages.ListAsync(stop)));
}
