using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.RailcraftPack.Tags;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.CatalogService.RailcraftPack;

/// <summary>Finds the pack that a request is about: the one that its parameter <c>pack</c> names, else the configured one.</summary>
internal sealed class RailcraftPacks(NpgsqlDataSource db, PackTags tags, IOptions<RailcraftOptions> options)
{
    private const string FindSql = $"""
        SELECT {PackGate.Columns}, p.id, v.id, v.position, t.whole, t.hundredths, t.contents
          FROM packs p JOIN pack_versions v ON v.id = p.latest_version_id LEFT JOIN railcraft_tags t ON t.version_id = v.id WHERE p.slug = $1
        """;

    /// <summary>The pack at its latest version; null when there is no such pack, the caller does not see it, or nothing of it is published.</summary>
    public async Task<CurrentPack?> FindAsync(RailcraftFields fields, Caller caller, CancellationToken stop)
    {
        var slug = fields.Text("pack") ?? options.Value.Slug;
        if (!PackSlug.IsValid(slug)) return null;
        var found = await db.FirstAsync(FindSql, row => Read(row, slug), stop, slug);
        if (found is null || !found.Gate.Admits(caller, slug)) return null;
        if (found.Pack is not null) return found.Pack;
        await tags.TagAsync(found.PackId, stop);
        return (await db.FirstAsync(FindSql, row => Read(row, slug), stop, slug))?.Pack; // tagged now, unless it went away meanwhile
    }

    private static Row Read(NpgsqlDataReader row, string slug)
    {
        const int next = PackGate.Width;
        var gate = PackGate.Read(row, 0);
        var pack = row.IsDBNull(next + 3) ? null : new CurrentPack(
            row.GetGuid(next), slug, gate.OwnerId, row.GetGuid(next + 1), row.GetInt64(next + 2), new PackTag(row.GetInt32(next + 3), row.GetInt32(next + 4)),
            JsonSerializer.Deserialize<PackContents>(row.GetFieldValue<byte[]>(next + 5), ApiJson.Options)!);
        return new Row(gate, row.GetGuid(next), pack);
    }

    private sealed record Row(PackGate Gate, Guid PackId, CurrentPack? Pack);
}

/// <summary>A pack at its latest version.</summary>
/// <param name="Id">The pack.</param>
/// <param name="Slug">Its slug.</param>
/// <param name="OwnerId">Account that owns it, and that pays for downloads.</param>
/// <param name="VersionId">The version.</param>
/// <param name="Position">Its place in the pack's history.</param>
/// <param name="Tag">What the dialect calls it.</param>
/// <param name="Contents">What is in it.</param>
internal sealed record CurrentPack(Guid Id, string Slug, Guid OwnerId, Guid VersionId, long Position, PackTag Tag, PackContents Contents);
