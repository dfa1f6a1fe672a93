using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Plans;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary><c>POST /api/modpack</c>: a new modpack, without builds, owned by who makes it; needs the flag <c>modpacks_create</c>, and room in the plan.</summary>
internal static class CreateModpack
{
    /// <summary>A new modpack.</summary>
    /// <param name="Name">Its display name: one line, unique, 1 to 200 characters.</param>
    /// <param name="Slug">Its slug: letters, digits, dashes and underscores, unique, 1 to 64 characters.</param>
    /// <param name="Url">Its website; an http or https address.</param>
    /// <param name="Hidden">Whether lists leave it out; true without it.</param>
    /// <param name="Private">Whether only those with access see it; false without it.</param>
    /// <param name="Order">Its place in the order of Solder's web pages; 0 without it.</param>
    public sealed record ModpackRequest(string Name, string Slug, string? Url = null, bool? Hidden = null, bool? Private = null, long? Order = null);

    public static void Map(RouteGroupBuilder writes) => writes.MapPost("/modpack", HandleAsync).WithName(nameof(CreateModpack)).Produces<ModpackRecord>(StatusCodes.Status201Created);

    private static async Task<IResult> HandleAsync(
        SolderBody<ModpackRequest> body, Caller caller, ModpackQueries modpacks, ModpackNames names, NewPacks packs, SolderLinks links, IOptions<SolderOptions> options,
        IOptionsMonitor<PlanOptions> plans, CancellationToken stop)
    {
        if (!caller.MayInSolder(SolderFlags.ModpacksCreate)) return SolderError.Unauthorized();
        var form = await body.ReadAsync(stop);
        if (form.IsMalformed(out var malformed)) return malformed;
        var (name, slug) = (ModpackNames.Name(form), form.Slug("slug", required: true));
        var wanted = new NewModpack(name ?? "", slug ?? "", form.Url("url"), form.Flag("hidden") ?? true, form.Flag("private") ?? false, form.Whole("order", int.MinValue, int.MaxValue) ?? 0);
        await names.CheckAsync(form, name, slug, Guid.Empty, caller.AccountId, stop);
        if (form.IsInvalid(out var invalid)) return invalid;
        if (!caller.MayTouchPack(wanted.Slug)) return SolderError.Unauthorized();
        if (await wanted.AddAsync(packs, caller, plans.CurrentValue.Of(caller).Packs, options.Value.Game, stop) is { } refusal) return refusal;
        var made = await modpacks.FindAsync(wanted.Slug, caller, stop);
        return made is null ? SolderError.NotFound("Modpack not found.") : TypedResults.Created((string?)null, ModpackRecord.Of(made, links));
    }
}
