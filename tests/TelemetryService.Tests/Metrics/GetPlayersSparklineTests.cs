using System.Net;
using System.Xml.Linq;
using PackRelay.TelemetryService.Metrics;

namespace PackRelay.TelemetryService.Tests.Metrics;

public sealed class GetPlayersSparklineTests(TelemetryApi api) : IClassFixture<TelemetryApi>
{
    [Fact]
    public void Draw_WithAGap_HasAStretchOnEitherSide()
    {
        var buckets = new double?[] { 0, 10, null, 5, null, null }.Select(players => new MetricsBucket(default, players, (int?)players, null, null)).ToList();
        Assert.Equal("M0 38h1L32 2M96 20h1", PathOf(GetPlayersSparkline.Draw(buckets)));
    }

    [Fact]
    public void Draw_WithoutAnything_IsAnEmptyPicture() =>
        Assert.Equal("", PathOf(GetPlayersSparkline.Draw([new MetricsBucket(default, null, null, null, null)])));

    [Fact]
    public async Task Sparkline_OfAServerThatBeat_IsAPicture()
    {
        var server = await api.SeedServerAsync();
        await server.BeatOkAsync(new { currentPlayers = 7 });
        using var client = api.CreateClient();
        using var answer = await client.GetAsync($"/api/v1/servers/{server.Slug}/players.svg");
        Assert.Equal((HttpStatusCode.OK, "image/svg+xml", "public, max-age=60"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.ToString()));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("at most 7", text, StringComparison.Ordinal);
        Assert.EndsWith(" 2h1", PathOf(text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sparkline_OfAnUnknownServer_Is404()
    {
        using var client = api.CreateClient();
        using var answer = await client.GetAsync("/api/v1/servers/nobody/players.svg");
        await Answers.AssertErrorAsync(answer, HttpStatusCode.NotFound, "server_not_found");
    }

    private static string PathOf(string svg) => XDocument.Parse(svg).Root!.Elements().Single(element => element.Name.LocalName == "path").Attribute("d")!.Value;
}
