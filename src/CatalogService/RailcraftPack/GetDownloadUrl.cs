using System.Text.Json.Serialization;
using PackRelay.CatalogService.Downloads.Egress;
using PackRelay.CatalogService.RailcraftPack.Archives;
using PackRelay.CatalogService.RailcraftPack.Tags;
using PackRelay.ServiceDefaults.OpenApi;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack;

/// <summary>
/// <c>POST /api/get_download_url/</c>: the id under which <c>get_file</c> gives the latest version as one zip, or what the version <c>patch_from</c> lacks of it, with the chosen optional mods. It is made when need be, once for
/// all who ask for the same; the request waits for up to 30 s. Errors of the dialect: 2, 3, 4, 5, 7, 12, 6, then 11 without a pack or version of it, and 8 when the archive cannot be made, is not made in time (ask
/// again), or the owner's plan has no downloads left; 429 with error 8 when a client asks for too many different archives.
/// </summary>
internal static class GetDownloadUrl
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(5);

    /// <summary>Answer of <c>get_download_url</c>. All members but the last are there on success, and absent on failure.</summary>
    public sealed record Answer : RailcraftAnswer
    {
        /// <summary>What to send to <c>get_file</c>.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? Id { get; init; }

        /// <summary>Name under which to save it, such as <c>railcraft-pack-3.01-from-2.00-opt.zip</c>.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Filename { get; init; }

        /// <summary>Whether it is a patch. A <c>patch_from</c> that is no version gives a whole archive.</summary>
        [JsonPropertyName("is_patch")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public bool? IsPatch { get; init; }

        /// <summary>Size in bytes.</summary>
        [JsonPropertyName("size_raw")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? SizeRaw { get; init; }

        /// <summary>Size for people, such as <c>12.5MB</c>.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Size { get; init; }

        /// <summary>Mods of the version without optional ones: files and folders right below <c>mods/</c>.</summary>
        [JsonPropertyName("mod_count")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? ModCount { get; init; }

        /// <summary>Mods that were chosen.</summary>
        [JsonPropertyName("mod_count_opt")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? ModCountOpt { get; init; }

        /// <summary>Files below <c>resourcepacks/</c>, chosen ones too.</summary>
        [JsonPropertyName("res_count")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? ResCount { get; init; }

        /// <summary>Names in <c>opt_mods</c> that the version does not have; absent when there are none.</summary>
        [JsonPropertyName("ignored_opt_mods")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<string>? IgnoredOptMods { get; init; }
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapRailcraftPost(
        HandleAsync,
        post => post.WithName(nameof(GetDownloadUrl)).Produces<Answer>().TakesBody(
            "application/x-www-form-urlencoded",
            "`client_id`, `client_secret`, `token`, and when wanted `patch_from` (a tag or version), `opt_mods` (`opt_mods[]=a`, `opt_mods[0]=a`, several `opt_mods`, a JSON array, or names between commas) and `pack`; multipart forms, JSON and the query string do as well."),
        "get_download_url");

    private static async Task<IResult> HandleAsync(
        RailcraftFields fields, HttpContext context, IdentityClients clients, RailcraftPacks packs, PackTags tags, ArchiveQueries archives, ArchiveWait wait, EgressMeter egress, CancellationToken stop)
    {
        if (!(await clients.FindAsync(fields, context, stop)).TryGet(out var client, out var error)) return error;
        if (await packs.FindAsync(fields, client, stop) is not { } pack) return RailcraftError.NoTags();
        if (await egress.CheckAsync(pack.OwnerId, stop) is not null) return RailcraftError.Internal();
        var from = fields.Text("patch_from") is { } name ? await tags.FindAsync(pack.Id, name, stop) : null;
        var names = fields.List("opt_mods");
        var chosen = pack.Contents.Optional.Where(choice => names.Contains(choice.Name, StringComparer.Ordinal)).ToList();
        var wanted = new WantedArchive(pack, from, [.. chosen.Select(choice => choice.Name)]);
        if (await archives.WantAsync(wanted, client.CredentialId, stop) is not { } known) return RailcraftError.Internal(AskAgainAfter);
        if (await wait.ForAsync(known, stop) is not { } archive) return RailcraftError.Internal();
        return TypedResults.Ok(new Answer
        {
            Id = archive.Id,
            Filename = wanted.FileName,
            IsPatch = from is not null,
            SizeRaw = archive.SizeBytes,
            Size = SizeText.Of(archive.SizeBytes),
            ModCount = pack.Contents.Mods,
            ModCountOpt = chosen.SelectMany(choice => choice.Mods).Distinct(StringComparer.OrdinalIgnoreCase).Count(),
            ResCount = pack.Contents.Resources + chosen.Sum(choice => choice.Resources),
            IgnoredOptMods = names.Except(chosen.Select(choice => choice.Name), StringComparer.Ordinal).ToArray() is { Length: > 0 } ignored ? ignored : null,
        });
    }
}
