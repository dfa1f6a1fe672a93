using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Teams;

/// <summary><c>POST /api/v1/packs/{slug}/members</c>: somebody new, or another role for a member.</summary>
internal static class SetMember
{
    /// <summary>
    /// Who and what. Errors, by <c>code</c>: <c>invalid_role</c> 400, <c>invalid_username</c> 400 for the owner, <c>not_found</c> 404 for an account that does
    /// not exist, <c>too_many_members</c> 409 beyond 50.
    /// </summary>
    /// <param name="Username">The account's username.</param>
    /// <param name="Role"><c>maintainer</c>: everything but deleting, members and transfer. <c>publisher</c>: publishes with keys of its own, writes changelogs.</param>
    public sealed record Request(string Username, string Role);

    public static RouteHandlerBuilder Map(RouteGroupBuilder pack) => pack.MapPost("/members", HandleAsync).WithName(nameof(SetMember));

    private static async Task<Results<Created<Member>, Ok<Member>, ApiError>> HandleAsync(
        string slug, JsonBody<Request> body, Actor actor, PackAccess packs, Members members, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, actor.Caller, PackRight.Own, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out error)) return error;
        error = Fields.Check("role", PackRoles.Parse(request.Role) != PackRole.None, "maintainer or publisher");
        if (error is not null) return error;
        var (member, isNew, refusal) = await members.SetAsync(pack, request.Username, request.Role, actor, stop);
        if (member is null) return refusal!;
        return isNew ? TypedResults.Created($"/api/v1/packs/{slug}/members", member) : TypedResults.Ok(member);
    }
}
