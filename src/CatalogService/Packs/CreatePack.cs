using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Games;
using PackRelay.CatalogService.Validation;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Plans;

namespace PackRelay.CatalogService.Packs;

/// <summary><c>POST /api/v1/packs</c>: a new pack, without a version.</summary>
internal static class CreatePack
{
    /// <summary>
    /// A new pack. Errors, by <c>code</c>: <c>invalid_slug</c>, <c>invalid_name</c>, <c>invalid_summary</c>, <c>invalid_description</c>, <c>invalid_tags</c>,
    /// <c>invalid_cover_image</c>, <c>invalid_game</c>, <c>invalid_visibility</c> 400; <c>quota_exceeded</c> 402; <c>forbidden</c> 403; <c>slug_taken</c> 409.
    /// </summary>
    /// <param name="Slug">3 to 50 characters of a-z and 0-9, in words joined by single hyphens. It never changes.</param>
    /// <param name="Name">Display name; 1 to 200 characters on one line.</param>
    /// <param name="Game">One of the hub's games.</param>
    /// <param name="Summary">One line; at most 300 characters.</param>
    /// <param name="Description">Markdown; at most 20,000 characters.</param>
    /// <param name="Tags">At most 20 different ones, each of 1 to 40 characters without a comma.</param>
    /// <param name="CoverImage">Absolute http or https address; at most 2048 characters.</param>
    /// <param name="Visibility"><c>public</c> (default), <c>unlisted</c> or <c>private</c>.</param>
    public sealed record Request(
        string Slug, string Name, string Game, string? Summary = null, string? Description = null, IReadOnlyList<string>? Tags = null, string? CoverImage = null,
        string? Visibility = null);

    public static RouteHandlerBuilder Map(RouteGroupBuilder packs) => packs.MapPost("/", HandleAsync).WithName(nameof(CreatePack));

    private static async Task<Results<Created<PackPage>, ApiError>> HandleAsync(
        JsonBody<Request> body, Caller caller, NewPacks packs, PackPages pages, GameRules games, IOptionsMonitor<PlanOptions> plans, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop, limitBytes: 256 * 1024); // a long description in escapes
        if (!read.TryGet(out var request, out var error)) return error;
        error = Check(request, games);
        if (error is not null) return error;
        if (!caller.MayTouchPack(request.Slug)) return ApiError.Forbidden($"the API token is not for the pack '{request.Slug}'");

        var limit = plans.CurrentValue.Of(caller).Packs;
        error = await packs.AddAsync(request, caller, limit, stop);
        if (error is not null) return error;
        return TypedResults.Created($"/api/v1/packs/{request.Slug}", await pages.FindAsync(request.Slug, caller, stop));
    }

    private static ApiError? Check(Request request, GameRules games) =>
        Fields.Check("slug", PackSlug.IsValid(request.Slug), PackSlug.Rule)
        ?? Fields.Name("name", request.Name)
        ?? games.Check(request.Game)
        ?? Fields.Summary(request.Summary)
        ?? Fields.Description(request.Description)
        ?? Fields.Tags(request.Tags)
        ?? Fields.Url("coverImage", request.CoverImage)
        ?? Fields.Check("visibility", request.Visibility is null || PackVisibility.IsValid(request.Visibility), "public, unlisted or private");
}
