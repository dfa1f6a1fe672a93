using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Games;
using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Packs;

/// <summary><c>PATCH /api/v1/packs/{slug}</c>: the page of a pack, by its owner and maintainers.</summary>
internal static class EditPack
{
    /// <summary>
    /// What is to change; what is not sent stays. Errors, by <c>code</c>: <c>invalid_name</c>, <c>invalid_summary</c>, <c>invalid_description</c>,
    /// <c>invalid_tags</c>, <c>invalid_cover_image</c>, <c>invalid_game</c>, <c>invalid_visibility</c>, <c>invalid_is_featured</c> 400;
    /// <c>role_required</c> 403 for <c>isFeatured</c>.
    /// </summary>
    /// <param name="Name">Display name; 1 to 200 characters on one line.</param>
    /// <param name="Summary">One line, at most 300 characters; null clears it.</param>
    /// <param name="Description">Markdown, at most 20,000 characters; null clears it.</param>
    /// <param name="Tags">At most 20 different ones, each of 1 to 40 characters without a comma; null clears them.</param>
    /// <param name="CoverImage">Absolute http or https address, at most 2048 characters; null clears it.</param>
    /// <param name="Game">One of the hub's games; it stays once a version is published.</param>
    /// <param name="Visibility"><c>public</c>, <c>unlisted</c> or <c>private</c>.</param>
    /// <param name="IsFeatured">Whether the pack stands first in lists; for admins.</param>
    public sealed record Request(
        PatchField<string?> Name = default, PatchField<string?> Summary = default, PatchField<string?> Description = default,
        PatchField<IReadOnlyList<string>?> Tags = default, PatchField<string?> CoverImage = default, PatchField<string?> Game = default,
        PatchField<string?> Visibility = default, PatchField<bool?> IsFeatured = default);

    public static RouteHandlerBuilder Map(RouteGroupBuilder packs) => packs.MapPatch("/{slug}", HandleAsync).WithName(nameof(EditPack));

    private static async Task<Results<Ok<PackPage>, ApiError>> HandleAsync(
        string slug, JsonBody<Request> body, Caller caller, PackAccess packs, PackEdits edits, PackPages pages, GameRules games, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, caller, PackRight.Change, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        var read = await body.ReadAsync(stop, limitBytes: 256 * 1024); // a long description in escapes
        if (!read.TryGet(out var request, out error)) return error;
        if (request.IsFeatured.IsSet && caller.Role < Role.Admin) return ApiError.RoleRequired(Role.Admin);
        error = Check(request, games) ?? await edits.ApplyAsync(pack, request, stop);
        if (error is not null) return error;
        return await pages.FindAsync(slug, caller, stop) is { } page ? TypedResults.Ok(page) : PackErrors.NotFound(slug);
    }

    private static ApiError? Check(Request request, GameRules games) =>
        (request.Name.IsSet ? Fields.Name("name", request.Name.Value ?? "") : null)
        ?? Fields.Summary(request.Summary.Value)
        ?? Fields.Description(request.Description.Value)
        ?? Fields.Tags(request.Tags.Value)
        ?? Fields.Url("coverImage", request.CoverImage.Value)
        ?? (request.Game.IsSet ? games.Check(request.Game.Value ?? "") : null)
        ?? Fields.Check("visibility", !request.Visibility.IsSet || (request.Visibility.Value is { } value && PackVisibility.IsValid(value)), "public, unlisted or private")
        ?? Fields.Check("isFeatured", !request.IsFeatured.IsSet || request.IsFeatured.Value is not null, "true or false");
}
