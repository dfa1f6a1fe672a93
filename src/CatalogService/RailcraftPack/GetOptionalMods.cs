using System.Text.Json.Serialization;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack;

/// <summary>
/// <c>GET /api/get_optional_mods/</c>: what players may choose of the latest version; POST does as well. Also as <c>optional_mods</c>; the dialect's page has lost the endpoint's name, these are inferred. No errors of its own:
/// without a pack, or a version of it, the list is empty.
/// </summary>
internal static class GetOptionalMods
{
    /// <summary>Answer of <c>get_optional_mods</c>.</summary>
    public sealed record Answer : RailcraftAnswer
    {
        /// <summary>By name; absent on failure.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<OptionalMod>? Mods { get; init; }
    }

    /// <summary>Something that players may choose.</summary>
    /// <param name="Name">What to send in <c>opt_mods</c>: the group of its files, else the mod's file or folder.</param>
    /// <param name="Version">The version that its source names; null when none does, or several differ.</param>
    /// <param name="Description">Null: manifests say nothing of it.</param>
    public sealed record OptionalMod(string Name, string? Version, string? Description);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapRailcraftGet(HandleAsync, get => get.WithName(nameof(GetOptionalMods)).Produces<Answer>().TakesPack(), "get_optional_mods", "optional_mods");

    private static async Task<IResult> HandleAsync(RailcraftFields fields, Caller caller, RailcraftPacks packs, CancellationToken stop)
    {
        var pack = await packs.FindAsync(fields, caller, stop);
        return TypedResults.Ok(new Answer { Mods = [.. pack?.Contents.Optional.Select(choice => new OptionalMod(choice.Name, choice.Version, Description: null)) ?? []] });
    }
}
