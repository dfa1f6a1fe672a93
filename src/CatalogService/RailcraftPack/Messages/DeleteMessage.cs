using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.RailcraftPack.Messages;

/// <summary><c>DELETE /api/v1/admin/messages/{id}</c>.</summary>
internal static class DeleteMessage
{
    public static void Map(IEndpointRouteBuilder messages) => messages.MapDelete("/{id}", HandleAsync).WithName(nameof(DeleteMessage));

    /// <summary>Deletes a message: 204.</summary>
    private static async Task<Results<NoContent, ApiError>> HandleAsync(string id, Actor actor, MessageQueries messages, CancellationToken stop) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && await messages.DeleteAsync(number, actor, stop)
            ? TypedResults.NoContent()
            : ApiError.NotFound("message", id);
}
