using Microsoft.AspNetCore.Http.HttpResults;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Versions;

/// <summary><c>POST</c> and <c>DELETE /api/v1/packs/{slug}/versions/{version}/withdraw</c>: take a version back, and bring it back.</summary>
internal static class WithdrawVersion
{
    private const int MaxReasonLength = 500;

    /// <summary>Why a version is taken back. It leaves <em>latest</em>, its own manifest answers 410 <c>withdrawn</c>. Errors: <c>invalid_reason</c> 400.</summary>
    /// <param name="Reason">1 to 500 characters, shown in the list of versions.</param>
    public sealed record Request(string Reason);

    public static void Map(RouteGroupBuilder versions)
    {
        versions.MapPost("/{version}/withdraw", WithdrawAsync).WithName(nameof(WithdrawVersion)).RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksWrite);
        versions.MapDelete("/{version}/withdraw", RestoreAsync).WithName("RestoreVersion").RequireRole(Role.ServerOwner).RequireScope(Scopes.PacksWrite);
    }

    /// <summary>Takes a version back: it is no longer the latest, and its manifest answers 410. May be repeated; the first reason stays.</summary>
    private static async Task<Results<NoContent, ApiError>> WithdrawAsync(
        string slug, string version, JsonBody<Request> body, Actor actor, PackAccess packs, Withdrawals withdrawals, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, actor.Caller, PackRight.Change, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        if (!await withdrawals.ExistsAsync(pack.Id, version, stop)) return VersionErrors.NotFound(slug, version);
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var request, out error)) return error;
        error = Fields.Check("reason", request.Reason.Length <= MaxReasonLength && !string.IsNullOrWhiteSpace(request.Reason), $"1 to {MaxReasonLength} characters");
        if (error is not null) return error;
        await withdrawals.SetAsync(pack, version, request.Reason, actor, stop);
        return TypedResults.NoContent();
    }

    /// <summary>
    /// Brings a withdrawn version back. May be repeated. Errors: <c>missing_files</c> 422 when its pack was deleted meanwhile and files of it are gone; they may be brought again.
    /// </summary>
    private static async Task<Results<NoContent, ApiError>> RestoreAsync(string slug, string version, Actor actor, PackAccess packs, Withdrawals withdrawals, CancellationToken stop)
    {
        var found = await packs.FindAsync(slug, actor.Caller, PackRight.Change, stop);
        if (!found.TryGet(out var pack, out var error)) return error;
        if (!await withdrawals.ExistsAsync(pack.Id, version, stop)) return VersionErrors.NotFound(slug, version);
        error = await withdrawals.SetAsync(pack, version, reason: null, actor, stop);
        return error is null ? TypedResults.NoContent() : error;
    }
}
