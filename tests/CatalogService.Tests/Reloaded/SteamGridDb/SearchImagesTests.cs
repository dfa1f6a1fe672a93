using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Reloaded.SteamGridDb;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.Testing;
using PackRelay.Testing.Http;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Reloaded.SteamGridDb;

public sealed class SearchImagesTests(ReloadedApi api) : IClassFixture<ReloadedApi>, IDisposable
{
    private const string Path = "/api/steamgriddb/search/";

    private static int lastGame = 1_000;

    private readonly int game = Interlocked.Increment(ref lastGame); // each test has a game that no other has asked for

    public void Dispose() => api.Upstream.Answer(_ => new ReceiverAnswer(HttpStatusCode.OK));

    [Fact]
    public async Task Search_OneOfEachSize_FindsThoseThatSuit()
    {
        Upstream(_ => UpstreamAnswers.Page(
            UpstreamAnswers.Item(1, 256, 256), UpstreamAnswers.Item(2, 512, 512), UpstreamAnswers.Item(3, 128, 128), UpstreamAnswers.Item(4, 600, 900), UpstreamAnswers.Item(5, 920, 430),
            UpstreamAnswers.Item(6, 460, 215), UpstreamAnswers.Item(7, 1024, 1024), UpstreamAnswers.Item(8, 512, 256), UpstreamAnswers.Item(9, 342, 482), UpstreamAnswers.Item(10, 0, 0)));
        Assert.Equal([1, 2, 7], await IdsAsync("icon"));
        Assert.Equal([2, 7], await IdsAsync("banner-square"));
        Assert.Equal([5, 6], await IdsAsync("banner-horizontal"));
        Assert.Equal([4], await IdsAsync("banner-vertical"));
    }

    [Fact]
    public async Task Search_Answer_IsTheSimplifiedOne()
    {
        Upstream(_ => UpstreamAnswers.Page(UpstreamAnswers.Item(1, 600, 900)));
        await api.Anonymous.GetJsonAsync($"{Path}banner-vertical/{game}").RefusesAsync(
            HttpStatusCode.OK,
            """[{"url":"https://cdn2.example/1.png","score":10,"nsfw":false,"humor":false,"upvotes":3,"downvotes":1,"authorName":"JohnDoe","authorAvatar":"https://avatars.example/1.jpg"}]""");
        var asked = Asked().Single();
        Assert.Equal("Bearer " + ReloadedApi.SteamGridDbKey, asked.Headers["Authorization"]);
        Assert.Equal(
            $"/api/v2/grids/game/{game}?nsfw=any&humor=any&epilepsy=any&types=static&dimensions=512x512,1024x1024,460x215,920x430,600x900&limit=50&page=0", asked.Target);
    }

    [Theory]
    [InlineData("", "1")]
    [InlineData("?nsfw=any", "1 2")]
    [InlineData("?nsfw=true", "2")]
    [InlineData("?humor=any&epilepsy=any", "1 3 4 5")]
    [InlineData("?humor=true", "3")]
    [InlineData("?humor=true&epilepsy=true", "5")]
    [InlineData("?nsfw=any&humor=any&epilepsy=any", "1 2 3 4 5")]
    [InlineData("?nsfw=true&humor=true", "")]
    public async Task Filters_InAllStates_FilterPictures(string query, string ids)
    {
        Upstream(_ => UpstreamAnswers.Page(
            UpstreamAnswers.Item(1, 600, 900), UpstreamAnswers.Item(2, 600, 900, nsfw: true), UpstreamAnswers.Item(3, 600, 900, humor: true), UpstreamAnswers.Item(4, 600, 900, epilepsy: true),
            UpstreamAnswers.Item(5, 600, 900, humor: true, epilepsy: true)));
        if (ids.Length == 0) await api.Anonymous.GetJsonAsync($"{Path}banner-vertical/{game}{query}").RefusesAsync(HttpStatusCode.NotFound, """{"error":"No matching assets"}""");
        else Assert.Equal(ids, string.Join(' ', await IdsAsync("banner-vertical", query)));
    }

    [Fact]
    public async Task Categories_ThatAreIncluded_AreAskedToo()
    {
        Upstream(target => UpstreamAnswers.Page(UpstreamAnswers.Item(target.Contains("/icons/", StringComparison.Ordinal) ? 1 : target.Contains("/logos/", StringComparison.Ordinal) ? 2 : 3, 512, 512)));
        Assert.Equal([1], await IdsAsync("icon"));
        Assert.Equal([1, 2, 3], await IdsAsync("icon", "?includeLogos=true&includeGrids=true"));
        Assert.Equal([1, 3], await IdsAsync("icon", "?includeLogos=false&includeGrids=true"));
        Assert.Equal([3, 2, 1], await IdsAsync("banner-square", "?includeLogos=true&includeIcons=true"));
        Assert.Equal(3, Asked().Count);
    }

    [Theory]
    [InlineData("icon", "nsfw=yes", "invalid_nsfw")]
    [InlineData("icon", "humor=", "invalid_humor")]
    [InlineData("banner-vertical", "epilepsy=True", "invalid_epilepsy")]
    [InlineData("banner-vertical", "nsfw=true&nsfw=any", "invalid_nsfw")]
    [InlineData("icon", "includeLogos=any", "invalid_include_logos")]
    [InlineData("icon", "includeGrids=1", "invalid_include_grids")]
    [InlineData("banner-square", "includeIcons=x", "invalid_include_icons")]
    public async Task Parameters_OfAnotherValue_AreRefused(string kind, string query, string code)
    {
        await api.Anonymous.GetJsonAsync($"{Path}{kind}/{game}?{query}").RefusesAsync(HttpStatusCode.BadRequest, code, index: null);
        Assert.Empty(Asked());
    }

    [Fact]
    public async Task Game_ByItsCommunityId_IsAskedByItsNumber()
    {
        Upstream(_ => UpstreamAnswers.Page(UpstreamAnswers.Item(1, 600, 900)));
        await api.PutGameAsync("Sonic-Test", game, 0);
        await api.PutGameAsync("Without-Number");
        using (var found = await api.Anonymous.GetJsonAsync(Path + "banner-vertical/SONIC-test")) Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Single(Asked());
        foreach (var other in new[] { "Without-Number", "no-such-game", "99999999999999999999", "a%20b" })
            await api.Anonymous.GetJsonAsync(Path + $"banner-vertical/{other}").RefusesAsync(HttpStatusCode.NotFound, """{"error":"No matching assets"}""");
    }

    [Fact]
    public async Task Upstream_ThatDoesNotKnowTheGame_Is404()
    {
        api.Upstream.Answer(_ => new ReceiverAnswer(HttpStatusCode.NotFound, """{"success":false,"errors":["Game not found"]}"""));
        for (var i = 0; i < 2; i++) await api.Anonymous.GetJsonAsync($"{Path}icon/{game}").RefusesAsync(HttpStatusCode.NotFound, """{"error":"No matching assets"}""");
        Assert.Single(Asked()); // that is known for a day too, and no longer: anybody may ask for any number
        Assert.InRange((await api.Redis.ExecuteAsync("PTTL"u8, [$"steamgriddb:Icons:{game}"])).AsInteger(), 1, TimeSpan.FromDays(1).TotalMilliseconds);
    }

    [Fact]
    public async Task Upstream_OfManyPages_IsReadToItsEnd()
    {
        Upstream(target => UpstreamAnswers.PageOf(101, UpstreamAnswers.Item(target.EndsWith("page=0", StringComparison.Ordinal) ? 1 : target.EndsWith("page=1", StringComparison.Ordinal) ? 2 : 3, 600, 900)));
        Assert.Equal([1, 2, 3], await IdsAsync("banner-vertical"));
        Assert.Equal(3, Asked().Count);
    }

    [Fact]
    public async Task Misses_AtOnce_AskOnce()
    {
        api.Upstream.Answer(_ => new ReceiverAnswer(HttpStatusCode.OK, UpstreamAnswers.Page(UpstreamAnswers.Item(1, 600, 900)), TimeSpan.FromMilliseconds(150)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => api.Anonymous.GetJsonAsync($"{Path}banner-vertical/{game}")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Single(Asked());
    }

    [Fact]
    public async Task Misses_OfTwoReplicasAtOnce_AskOnce()
    {
        api.Upstream.Answer(_ => new ReceiverAnswer(HttpStatusCode.OK, UpstreamAnswers.Page(UpstreamAnswers.Item(1, 600, 900)), TimeSpan.FromMilliseconds(150)));
        using var http = new HttpClient();
        var options = api.Services.GetRequiredService<IOptions<SteamGridDbOptions>>();
        var other = new ImageCache(new SteamGridDbClient(http, options), api.Redis, options, api.Clock, NullLogger<ImageCache>.Instance);
        var asking = Enumerable.Range(0, 10).Select(_ => IdsAsync("banner-vertical")).ToList();
        Assert.Equal(1, Assert.Single(await other.FindAsync(ImageCategory.Grids, (uint)game, CancellationToken.None) ?? []).Image.Score / 10);
        Assert.All(await Task.WhenAll(asking), ids => Assert.Equal([1], ids));
        Assert.Single(Asked());
    }

    [Fact]
    public async Task Turn_OfAReplicaThatCrashed_EndsByItself()
    {
        Upstream(_ => UpstreamAnswers.Page(UpstreamAnswers.Item(1, 600, 900)));
        await api.Redis.SetAsync($"steamgriddb:Grids:{game}:asking", 1, TimeSpan.FromSeconds(5));
        await api.Anonymous.GetJsonAsync($"{Path}banner-vertical/{game}").RefusesAsync(HttpStatusCode.ServiceUnavailable, "unavailable", index: null);
        Assert.Equal([1], await IdsAsync("banner-vertical"));
        Assert.Single(Asked());
    }

    [Fact]
    public async Task Question_ThatNobodyWaitsForAnyMore_LeavesNothingBehind()
    {
        api.Upstream.Answer(_ => new ReceiverAnswer(HttpStatusCode.OK, UpstreamAnswers.Page(UpstreamAnswers.Item(1, 600, 900)), TimeSpan.FromMilliseconds(200)));
        var images = api.Services.GetRequiredService<ImageCache>();
        using (var gone = new CancellationTokenSource())
        {
            var asking = images.FindAsync(ImageCategory.Grids, (uint)game, gone.Token);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        await Wait.UntilAsync(async () => (await api.Redis.ExecuteAsync("EXISTS"u8, [$"steamgriddb:Grids:{game}"])).AsInteger() == 1, "the answer is kept", TimeSpan.FromSeconds(10));
        Upstream(_ => UpstreamAnswers.Page(UpstreamAnswers.Item(2, 600, 900)));
        api.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal([2], await IdsAsync("banner-vertical"));
    }

    [Fact]
    public async Task Cache_ForADay_ThenAsksAgain()
    {
        Upstream(_ => UpstreamAnswers.Page(UpstreamAnswers.Item(1, 600, 900)));
        Assert.Equal([1], await IdsAsync("banner-vertical"));
        Upstream(_ => UpstreamAnswers.Page(UpstreamAnswers.Item(2, 600, 900)));
        api.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal([1], await IdsAsync("banner-vertical"));
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([2], await IdsAsync("banner-vertical"));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "")]
    [InlineData(HttpStatusCode.Unauthorized, "{}")]
    [InlineData(HttpStatusCode.TooManyRequests, "{}")]
    [InlineData(HttpStatusCode.Redirect, "")]
    [InlineData(HttpStatusCode.OK, "not json")]
    [InlineData(HttpStatusCode.OK, """{"success":false,"errors":["x"]}""")]
    [InlineData(HttpStatusCode.OK, """{"success":true,"data":5}""")]
    [InlineData(HttpStatusCode.OK, "slow")]
    public async Task Upstream_ThatFails_IsAnsweredFromBeforeOrBy503(HttpStatusCode status, string body)
    {
        Upstream(_ => UpstreamAnswers.Page(UpstreamAnswers.Item(1, 600, 900)));
        Assert.Equal([1], await IdsAsync("banner-vertical"));
        api.Upstream.Answer(_ => new ReceiverAnswer(status, body, body == "slow" ? TimeSpan.FromSeconds(20) : default));
        api.Clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal([1], await IdsAsync("banner-vertical")); // six days old
        api.Clock.Advance(TimeSpan.FromDays(1));
        using var answer = await api.Anonymous.GetJsonAsync($"{Path}banner-vertical/{game}");
        Assert.NotNull(answer.Headers.RetryAfter);
        await Task.FromResult(answer).RefusesAsync(HttpStatusCode.ServiceUnavailable, "unavailable", index: null);
        Upstream(_ => UpstreamAnswers.Page(UpstreamAnswers.Item(2, 600, 900)));
        Assert.Equal([2], await IdsAsync("banner-vertical"));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, false)]
    [InlineData(HttpStatusCode.NotFound, false)]
    [InlineData(HttpStatusCode.Gone, false)]
    [InlineData(HttpStatusCode.UnprocessableEntity, false)]
    [InlineData(HttpStatusCode.Unauthorized, true)]
    [InlineData(HttpStatusCode.Forbidden, true)]
    [InlineData(HttpStatusCode.RequestTimeout, true)]
    [InlineData(HttpStatusCode.TooManyRequests, true)]
    [InlineData(HttpStatusCode.BadGateway, true)]
    public async Task Refusal_OfOneGame_StopsTheOthersOnlyWhenItConcernsThem(HttpStatusCode status, bool isPause)
    {
        var other = Interlocked.Increment(ref lastGame);
        api.Upstream.Answer(request => request.Target.Contains($"/game/{game}?", StringComparison.Ordinal)
            ? new ReceiverAnswer(status, "{}")
            : new ReceiverAnswer(HttpStatusCode.OK, UpstreamAnswers.Page(UpstreamAnswers.Item(1, 600, 900))));
        using var http = new HttpClient();
        var options = Options.Create(new SteamGridDbOptions { ApiKey = ReloadedApi.SteamGridDbKey, BaseUrl = new Uri(api.Upstream.Url + "api/v2/"), PauseAfterFailure = TimeSpan.FromSeconds(10) });
        var images = new ImageCache(new SteamGridDbClient(http, options), api.Redis, options, api.Clock, NullLogger<ImageCache>.Instance);
        var refused = await images.FindAsync(ImageCategory.Grids, (uint)game, CancellationToken.None);
        Assert.Equal(isPause ? null : 0, refused?.Count);
        Assert.Equal(isPause ? null : 1, (await images.FindAsync(ImageCategory.Grids, (uint)other, CancellationToken.None))?.Count);
        api.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, (await images.FindAsync(ImageCategory.Grids, (uint)other, CancellationToken.None))?.Count);
    }

    [Fact]
    public async Task Cache_InRedis_LastsForSevenDays_AndGarbageInItDoesNoHarm()
    {
        Upstream(_ => UpstreamAnswers.Page(UpstreamAnswers.Item(1, 600, 900)));
        await IdsAsync("banner-vertical");
        var ttl = (await api.Redis.ExecuteAsync("PTTL"u8, [$"steamgriddb:Grids:{game}"])).AsInteger();
        Assert.InRange(ttl, TimeSpan.FromDays(7).TotalMilliseconds - 60_000, TimeSpan.FromDays(7).TotalMilliseconds);
        await api.Redis.SetAsync($"steamgriddb:Grids:{game}", "garbage");
        Assert.Equal([1], await IdsAsync("banner-vertical"));
    }

    private void Upstream(Func<string, string> answer) => api.Upstream.Answer(request => new ReceiverAnswer(HttpStatusCode.OK, answer(request.Target)));

    private List<ReceivedRequest> Asked() => [.. api.Upstream.Received.Where(request => request.Target.Contains($"/game/{game}?", StringComparison.Ordinal))];

    private async Task<IEnumerable<int>> IdsAsync(string kind, string query = "")
    {
        var images = await api.Anonymous.GetJsonAsync($"{Path}{kind}/{game}{query}").JsonAsync();
        return images.EnumerateArray().Select(image => image.GetProperty("score").GetInt32() / 10).ToList();
    }
}

/// <summary>A hub whose operator gave no key.</summary>
public sealed class SearchImagesWithoutAKeyTests(SearchImagesWithoutAKeyTests.Api api) : IClassFixture<SearchImagesWithoutAKeyTests.Api>
{
    [Fact]
    public async Task Search_WithoutAKey_SaysSo_AfterTheParameters()
    {
        using var client = api.CreateClient();
        await client.GetJsonAsync("/api/steamgriddb/search/icon/5").RefusesAsync(HttpStatusCode.ServiceUnavailable, "steamgriddb_not_configured", index: null);
        await client.GetJsonAsync("/api/steamgriddb/search/icon/5?nsfw=x").RefusesAsync(HttpStatusCode.BadRequest, "invalid_nsfw", index: null);
    }

    public sealed class Api() : ServiceFixture<Program>(new() { Contract = true, Database = "catalogdb", Messaging = true, Redis = true })
    {
        protected override void Configure(IDictionary<string, string?> settings) =>
            settings["Catalog:Blobs:Directory"] = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"packrelay-blobs-{Guid.NewGuid():N}");
    }
}

/// <summary>Redis is only a memory: without it SteamGridDB is asked each time.</summary>
public sealed class SearchImagesWithoutRedisTests(SearchImagesWithoutRedisTests.Api api) : IClassFixture<SearchImagesWithoutRedisTests.Api>
{
    [Fact]
    public async Task Search_WithoutRedis_AsksEachTime()
    {
        api.Upstream.Answer(_ => new ReceiverAnswer(HttpStatusCode.OK, UpstreamAnswers.Page(UpstreamAnswers.Item(1, 600, 900))));
        using var client = api.CreateClient();
        for (var i = 1; i <= 2; i++)
        {
            Assert.Equal(1, (await client.GetJsonAsync("/api/steamgriddb/search/banner-vertical/7").JsonAsync()).GetArrayLength());
            Assert.Equal(i, api.Upstream.Received.Count);
        }
    }

    public sealed class Api() : ServiceFixture<Program>(new() { Contract = true, Database = "catalogdb", Messaging = true })
    {
        public WebhookReceiver Upstream { get; private set; } = null!;

        public override async Task InitializeAsync()
        {
            Upstream = await WebhookReceiver.StartAsync();
            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            await Upstream.DisposeAsync();
        }

        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["Catalog:Blobs:Directory"] = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"packrelay-blobs-{Guid.NewGuid():N}");
            settings["ConnectionStrings:cache"] = "127.0.0.1:1,connectTimeout=200,syncTimeout=200"; // nobody listens there
            settings["Reloaded:SteamGridDb:ApiKey"] = ReloadedApi.SteamGridDbKey;
            settings["Reloaded:SteamGridDb:BaseUrl"] = Upstream.Url + "api/v2/";
        }
    }
}
