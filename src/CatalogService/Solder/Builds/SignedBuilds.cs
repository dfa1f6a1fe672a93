using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.CatalogService.Versions;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>Signed versions among the builds of a modpack: they never change, but they can be withdrawn and brought back, as natively.</summary>
internal sealed class SignedBuilds(NpgsqlDataSource db, Withdrawals withdrawals)
{
    private const string Reason = "withdrawn through Solder";

    private const string RecordSql = """
        SELECT v.position, v.version, COALESCE(v.game_version, ''), NULL::text, v.withdrawn_at IS NULL, false, NULL::text, NULL::bigint, v.accepted_at, COALESCE(v.withdrawn_at, v.accepted_at)
          FROM pack_versions v WHERE v.pack_id = $1 AND v.version = $2
        """;

    /// <summary>Publishes or withdraws; any other field is 422.</summary>
    public async Task<IResult> EditAsync(Modpack modpack, string version, SolderForm form, Actor actor, CancellationToken stop)
    {
        foreach (var field in (string[])["version", "minecraft", "forge", "private", "min_java", "min_memory"])
            if (form.Has(field)) form.Add(field, $"The {field.Replace('_', ' ')} field is prohibited: the version is signed.");
        var isPublished = form.Flag("is_published");
        if (form.IsInvalid(out var invalid)) return invalid;
        var refusal = isPublished is { } wanted ? await withdrawals.SetAsync(Facts(modpack), version, wanted ? null : Reason, actor, stop) : null;
        if (refusal is not null) return SolderError.Unprocessable(refusal.Error); // its files are gone
        return await db.FirstAsync(RecordSql, row => BuildRecord.Read(row, modpack.Number), stop, modpack.Id, version) is { } record ? TypedResults.Ok(record) : BuildQueries.NotFound();
    }

    /// <summary>Withdraws a version; true once it is withdrawn.</summary>
    public async Task<bool> WithdrawAsync(Modpack modpack, string version, Actor actor, CancellationToken stop) =>
        await withdrawals.SetAsync(Facts(modpack), version, Reason, actor, stop) is null;

    private static PackFacts Facts(Modpack modpack) => new(modpack.Id, modpack.Slug, modpack.OwnerId, modpack.Game, modpack.Visibility, PackRole.None);
}
