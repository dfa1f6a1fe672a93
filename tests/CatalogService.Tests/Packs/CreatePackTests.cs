using System.Net;
using System.Text.Json;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Packs;

public sealed class CreatePackTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private const string Path = "/api/v1/packs";

    [Fact]
    public async Task Create_AllFields_AnswersThePackAndAnnouncesIt()
    {
        await using var events = await api.ObserveAsync<PackChanged>();
        var publisher = api.NewPublisher(change: caller => caller with { DisplayName = "Ärne & Co" });
        var slug = Publisher.NewSlug();
        using var response = await publisher.Client.PostAsync(Path, new
        {
            slug, name = "My <Pack> 🦊", summary = "One line", description = "# Text\n\twith lines", tags = new[] { "horde", "Überleben" },
            coverImage = "https://example.org/cover.png", game = "valheim", visibility = "unlisted",
        });
        var pack = await Task.FromResult(response).JsonAsync(HttpStatusCode.Created);
        Assert.Equal($"{Path}/{slug}", response.Headers.Location?.ToString());
        var members = pack.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        Assert.Equal(
            ["coverImage", "createdAt", "description", "downloadCount", "favoriteCount", "fileCount", "game", "isFeatured", "keys", "latestVersion", "name", "publisherName", "slug", "summary", "tags", "team", "totalSizeBytes", "visibility"],
            members.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("My <Pack> 🦊", "Ärne & Co", "valheim"), (members["name"].GetString(), members["publisherName"].GetString(), members["game"].GetString()));
        Assert.Equal(JsonValueKind.Null, members["latestVersion"].ValueKind);
        Assert.Equal(0, members["fileCount"].GetInt32() + members["downloadCount"].GetInt32() + members["favoriteCount"].GetInt32() + members["totalSizeBytes"].GetInt32());
        Assert.Equal(pack.GetRawText(), (await api.Anonymous.GetAsync($"{Path}/{slug}").JsonAsync()).GetRawText());

        var created = await events.FirstAsync(found => found.Slug == slug);
        Assert.Equal((1L, true, publisher.Caller.AccountId, "unlisted"), (created.Revision, created.Created, created.OwnerId, created.Visibility));
    }

    [Theory]
    [InlineData("""{"slug":"Ab","name":"x","game":"7d2d"}""", "invalid_slug")]
    [InlineData("""{"slug":"a--b","name":"x","game":"7d2d"}""", "invalid_slug")]
    [InlineData("""{"slug":"good-slug","name":" ","game":"7d2d"}""", "invalid_name")]
    [InlineData("""{"slug":"good-slug","name":"two\nlines","game":"7d2d"}""", "invalid_name")]
    [InlineData("""{"slug":"good-slug","name":"two\u2028lines","game":"7d2d"}""", "invalid_name")]
    [InlineData("""{"slug":"good-slug","name":"a","game":"7d2d","unknown":1,"unknown":2}""", "invalid_json")]
    [InlineData("""{"slug":"good-slug","name":"x","game":"tetris"}""", "invalid_game")]
    [InlineData("""{"slug":"good-slug","name":"x","game":"7d2d","tags":["a","a"]}""", "invalid_tags")]
    [InlineData("""{"slug":"good-slug","name":"x","game":"7d2d","tags":["a,b"]}""", "invalid_tags")]
    [InlineData("""{"slug":"good-slug","name":"x","game":"7d2d","tags":[null]}""", "invalid_tags")]
    [InlineData("""{"slug":"good-slug","name":"x","game":"7d2d","coverImage":"javascript:alert(1)"}""", "invalid_cover_image")]
    [InlineData("""{"slug":"good-slug","name":"x","game":"7d2d","visibility":"secret"}""", "invalid_visibility")]
    [InlineData("""{"slug":"good-slug","name":"x","game":"7d2d","summary":"a\nb"}""", "invalid_summary")]
    [InlineData("""{"slug":"good-slug","name":"x"}""", "invalid_json")]
    [InlineData("""{"slug":"good-slug","name":null,"game":"7d2d"}""", "invalid_json")]
    [InlineData("""{"slug":1,"name":"x","game":"7d2d"}""", "invalid_json")]
    [InlineData("""{"slug":"good-slug","slug":"good-slug","name":"x","game":"7d2d"}""", "invalid_json")]
    [InlineData("""{"slug":"good-slug","name":"a\u0000b","game":"7d2d"}""", "invalid_json")]
    [InlineData("""{"slug":"good-slug","name":"\ud800","game":"7d2d"}""", "invalid_json")]
    [InlineData("{", "invalid_json")]
    public async Task Create_BadBody_NamesTheField(string body, string code) =>
        await api.NewPublisher().Client.PostTextAsync(Path, body).FailsAsync(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task Create_LongDescription_IsRefusedByName() =>
        await api.NewPublisher().Client.PostAsync(Path, new { slug = "good-slug", name = "x", game = "7d2d", description = new string('x', 20_001) })
            .FailsAsync(HttpStatusCode.BadRequest, "invalid_description");

    [Fact]
    public async Task Create_TooLongOrOfAnotherType_IsRefused()
    {
        var client = api.NewPublisher().Client;
        await client.PostHugeAsync(Path).FailsAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
        await client.PostTextAsync(Path, "{}", "text/plain").FailsAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Create_WithoutTheRight_IsRefused()
    {
        await api.Anonymous.PostTextAsync(Path, "{}").FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await api.CreateClient(TestCallers.Session("player")).PostTextAsync(Path, "{}").FailsAsync(HttpStatusCode.Forbidden, "role_required");
        await api.CreateClient(TestCallers.Token("owner", Role.ServerOwner, Scopes.PacksPublish)).PostTextAsync(Path, "{}").FailsAsync(HttpStatusCode.Forbidden, "scope_required");
        await api.NewPublisher(change: caller => caller with { Packs = ["another"] }).Client.PostAsync(Path, new { slug = "good-slug", name = "x", game = "7d2d" })
            .FailsAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Create_SlugOfAnyOtherPack_IsTaken()
    {
        var slug = await api.NewPublisher().CreatePackAsync(more: new { visibility = "private" });
        await api.NewPublisher().Client.PostAsync(Path, new { slug, name = "x", game = "7d2d" }).FailsAsync(HttpStatusCode.Conflict, "slug_taken");
    }

    [Fact]
    public async Task Create_MoreThanThePlanAllowsAtOnce_StopsAtTheLimit()
    {
        var client = api.NewPublisher(change: caller => caller with { Plan = "free" }).Client;
        var answers = await Task.WhenAll(Enumerable.Range(0, 14).Select(async _ =>
        {
            using var response = await client.PostAsync(Path, new { slug = Publisher.NewSlug(), name = "x", game = "7d2d" });
            return response.StatusCode;
        }));
        Assert.Equal((10, 4), (answers.Count(status => status == HttpStatusCode.Created), answers.Count(status => status == HttpStatusCode.PaymentRequired)));
        await client.PostAsync(Path, new { slug = Publisher.NewSlug(), name = "x", game = "7d2d" }).FailsAsync(HttpStatusCode.PaymentRequired, "quota_exceeded");
    }
}
