using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Teams;

/// <summary>
/// <c>DELETE /api/v1/packs/{slug}/members/{username}</c>, or <c>/members</c> with the username in a body. The owner removes anybody; a member
/// removes itself, whatever became of its role in the hub.
/// </summary>
internal static class RemoveMember
{
    /// <summary>Who leaves. Errors: <c>not_found</c> 404 for somebody who is no member.</summary>
    /// <param name="Username">The account's username.</param>
    public sealed record Request(string Username);

    public static void Map(RouteGroupBuilder pack)
    {
        pack.MapDelete("/members/{username}", ByPathAsync).WithName(nameof(RemoveMember)).RequireScopeOrSession(Scopes.PacksWrite);
        pack.MapDelete("/members", ByBodyAsync).WithName("RemoveMemberByBody").RequireScopeOrSession(Scopes.PacksWrite);
    }

    private static async Task<Results<NoContent, ApiError>> ByPathAsync(
        string slug, string username, Actor actor, PackAccess packs, Members members, CancellationToken stop)
    {
        var found = await FindAsync(slug, actor.Caller, packs, stop);
        return found.TryGet(out var pack, out var error) ? await RemoveAsync(pack, username, actor, members, stop) : error;
    }

    private static async Task<Results<NoContent, ApiError>> ByBodyAsync(
        string slug, JsonBody<Request> body, Actor actor, PackAccess packs, Members members, CancellationToken stop)
    {
        var found = await FindAsync(slug, actor.Caller, packs, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        var read = await body.ReadAsync(stop);
        return read.TryGet(out var request, out error) ? await RemoveAsync(pack, request.Username, actor, members, stop) : error;
    }

    private static Task<Lookup<PackFacts>> FindAsync(string slug, Caller caller, PackAccess packs, CancellationToken stop) =>
        packs.FindAsync(slug, caller, PackRight.Changelog, stop); // whoever is of the team may ask to leave

    private static async Task<Results<NoContent, ApiError>> RemoveAsync(PackFacts pack, string username, Actor actor, Members members, CancellationToken stop)
    {
        var caller = actor.Caller;
        var isLeaving = pack.Role is PackRole.Publisher or PackRole.Maintainer && username == caller.Username;
        if (!isLeaving && !pack.Allows(caller, PackRight.Own)) return PackErrors.NotAllowed(pack, PackRight.Own);
        if (!isLeaving && caller.Role < Role.ServerOwner) return ApiError.RoleRequired(Role.ServerOwner);
        return await members.RemoveAsync(pack, username, actor, stop) ? TypedResults.NoContent() : TeamErrors.NoMember(pack.Slug, username);
    }
}
