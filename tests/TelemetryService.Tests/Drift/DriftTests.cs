using System.Net;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.Manifests.Comparing;
using PackRelay.ServiceDefaults.Http;
using PackRelay.TelemetryService.Drift;

namespace PackRelay.TelemetryService.Tests.Drift;

public sealed class DriftTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    private static readonly string HashA = new('a', 64);

    private static readonly string HashB = new('b', 64);

    [Fact]
    public void Compare_NamesVersionsAndHashes_TellsWhatDiffers()
    {
        var mods = new ManifestMod[]
        {
            new("Same", "1.0", null, true), new("Older", "2.0", null, true), new("tool.jar", null, HashA, true), new("other.jar", null, HashA, true), new("Gone", "3.0", null, true),
            new("PlayersOnly", null, null, false), new("NoVersion", null, null, true),
        }.ToDictionary(mod => mod.Name, StringComparer.OrdinalIgnoreCase);

        var drift = DriftCheck.Compare(mods, [
            new("same", "V1.0"), new("Older", "1.9"), new("tool.jar", "1", HashA.ToUpperInvariant()), new("other.jar", null, HashB), new("NoVersion", "7"), new("Mine", "0.1"), new("Mine", "0.2"),
        ]);

        Assert.Equal(
            [
                new("Older", DriftState.Different, "2.0", "1.9"), new("other.jar", DriftState.Different, HashA, HashB), new("Gone", DriftState.Missing, "3.0", null),
                new("Mine", DriftState.Unexpected, null, "0.1"),
            ],
            drift);
    }

    [Fact]
    public async Task Beat_WithAnInventory_TellsTheDriftAndAsksTheCatalogOnce()
    {
        var pack = $"pack-{Guid.NewGuid():N}";
        var server = await api.SeedServerAsync(new AttachedPack(pack, Guid.NewGuid(), Pin: null, Version: "1.0.0+a"));
        var asked = CatalogHas(pack, "1.0.0+a", new ManifestMod("A", "2.0", null, true), new ManifestMod("B", null, HashA, true));

        var answer = await server.BeatOkAsync(new { currentPlayers = 0, inventory = new[] { new { name = "A", version = "1.0" } } });
        var again = await server.BeatOkAsync(new { currentPlayers = 0, inventory = new[] { new { name = "A", version = "2.0" }, new { name = "B", version = "1" } } });
        var silent = await server.BeatOkAsync(new { currentPlayers = 0 });

        var drift = answer.GetProperty("drift").EnumerateArray().Select(item => (item.GetProperty("name").GetString(), item.GetProperty("state").GetString())).ToArray();
        Assert.Equal([("A", "different"), ("B", "missing")], drift);
        Assert.Equal("2.0", answer.GetProperty("drift")[0].GetProperty("expected").GetString());
        Assert.Equal("1.0", answer.GetProperty("drift")[0].GetProperty("actual").GetString());
        Assert.Equal(0, again.GetProperty("drift").GetArrayLength());
        Assert.False(silent.TryGetProperty("drift", out _));
        Assert.Equal(1, asked());
    }

    [Fact]
    public async Task Beat_WithTheCatalogAway_IsStoredWithoutDriftAndAsksAgainLater()
    {
        var pack = $"pack-{Guid.NewGuid():N}";
        var server = await api.SeedServerAsync(new AttachedPack(pack, Guid.NewGuid(), Pin: "1.0.0", Version: "1.0.0"));
        api.Catalog.Answer(_ => new(HttpStatusCode.InternalServerError));
        var inventory = new[] { new { name = "A" } };

        for (var beat = 0; beat < 2; beat++)
            Assert.False((await server.BeatOkAsync(new { currentPlayers = 0, inventory })).TryGetProperty("drift", out _));
        Assert.Single(api.Catalog.Received, request => request.Target.Contains(pack, StringComparison.Ordinal));

        CatalogHas(pack, "1.0.0", new ManifestMod("B", null, null, true));
        api.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(2, (await server.BeatOkAsync(new { currentPlayers = 0, inventory })).GetProperty("drift").GetArrayLength());
    }

    [Fact]
    public async Task Beat_OfAServerWithoutAPack_HasNoDrift()
    {
        var server = await api.SeedServerAsync();
        Assert.False((await server.BeatOkAsync(new { currentPlayers = 0, inventory = new[] { new { name = "A" } } })).TryGetProperty("drift", out _));
    }

    private Func<int> CatalogHas(string pack, string version, params ManifestMod[] mods)
    {
        var path = $"/internal/packs/{pack}/versions/{version}/mods";
        api.Catalog.Answer(request => request.Target == path ? new(HttpStatusCode.OK, JsonSerializer.Serialize(mods, ApiJson.Options)) : new(HttpStatusCode.NotFound));
        return () => api.Catalog.Received.Count(request => request.Target == path);
    }
}
