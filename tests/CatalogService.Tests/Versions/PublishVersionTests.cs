using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using PackRelay.Contracts;
using PackRelay.Manifests.Rules;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Versions;

public sealed class PublishVersionTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Publish_SignedManifest_IsServedByteForByteAndAnnounced()
    {
        await using var events = await api.ObserveAsync<PackVersionPublished>();
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var manifest = publisher.Sign(publisher.Draft(slug, "1.0.0", await publisher.UploadAsync("hello")));

        using var response = await publisher.SendAsync(slug, manifest);
        var answer = await Task.FromResult(response).JsonAsync(HttpStatusCode.Created);
        Assert.Equal($"/api/v1/packs/{slug}/manifest/1.0.0", response.Headers.Location?.ToString());
        Assert.Equal((slug, "1.0.0", "2026-01-02T03:04:05Z", "published"), (Text(answer, "slug"), Text(answer, "version"), Text(answer, "publishedAt"), Text(answer, "status")));
        Assert.Equal($"http://localhost:8080/api/v1/packs/{slug}/manifest/1.0.0", Text(answer, "manifestUrl"));

        Assert.Equal(manifest, await api.Anonymous.GetByteArrayAsync($"/api/v1/packs/{slug}/manifest/1.0.0"));
        Assert.Equal(manifest, await api.Anonymous.GetByteArrayAsync($"/api/v1/packs/{slug}/manifest"));
        var pack = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync();
        Assert.Equal(("1.0.0", 1, 5L), (Text(pack, "latestVersion"), pack.GetProperty("fileCount").GetInt32(), pack.GetProperty("totalSizeBytes").GetInt64()));

        var published = await events.FirstAsync(found => found.Slug == slug);
        Assert.Equal(("1.0.0", 2L, Publisher.Sha256(manifest), publisher.KeyId.ToString()), (published.Version, published.Revision, published.ManifestSha256, published.KeyId));
        Assert.Equal(("2026-01-02T03:04:05Z", 1, 5L, publisher.Caller.AccountId), (published.PublishedAt, published.FileCount, published.TotalSizeBytes, published.OwnerId));
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM version_files f JOIN pack_versions v ON v.id = f.version_id JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1", slug));
    }

    [Fact]
    public async Task Publish_SameVersionAHundredTimesAtOnce_SucceedsOnce()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var file = await publisher.UploadAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            var draft = publisher.Draft(slug, "1.0.0", file);
            draft["description"] = $"attempt {number}";
            using var response = await publisher.SendAsync(slug, publisher.Sign(draft));
            return response.StatusCode;
        }));
        Assert.Equal(1, answers.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(99, answers.Count(status => status == HttpStatusCode.Conflict));
        Assert.Equal(2, await api.ScalarAsync<long>("SELECT revision FROM packs WHERE slug = $1", slug));
    }

    [Fact]
    public async Task Publish_ManyVersionsOfAPackAtOnce_AnnouncesEachWithARevisionOfItsOwn()
    {
        await using var events = await api.ObserveAsync<PackVersionPublished>();
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var file = await publisher.UploadAsync();
        var versions = Enumerable.Range(1, 100).Select(number => $"1.0.{number}").ToArray();
        await Task.WhenAll(versions.Select(version => publisher.SendAsync(slug, publisher.Sign(publisher.Draft(slug, version, file))).SucceedsAsync(HttpStatusCode.Created)));

        await api.WaitUntilAsync(() => Task.FromResult(events.Received.Count(found => found.Slug == slug) >= 100), TimeSpan.FromSeconds(60), "all are announced");
        var announced = events.Received.Where(found => found.Slug == slug).DistinctBy(found => found.EventId).ToList();
        Assert.Equal(Enumerable.Range(2, 100).Select(revision => (long)revision), announced.Select(found => found.Revision));
        Assert.Equal(versions.Order(StringComparer.Ordinal), announced.Select(found => found.Version).Order(StringComparer.Ordinal));
        const string orderSql = "SELECT array_agg(v.version ORDER BY v.position) FROM pack_versions v JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1";
        Assert.Equal(await api.ScalarAsync<string[]>(orderSql, slug), announced.Select(found => found.Version));
        Assert.Equal(announced[^1].Version, Text(await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync(), "latestVersion"));
    }

    [Theory]
    [InlineData("[]", "the manifest must be an object")]
    [InlineData("{}", "the manifest is not valid: schemaVersion is missing")]
    [InlineData("", "the body is not JSON of at most 64 levels (line 1, byte 1)")]
    [InlineData("""{"a":{"b":1,"b":2}}""", "the body is not valid: a.b appears twice in its object")]
    public async Task Publish_NotAManifest_SaysWhatIsWrongInASentence(string body, string text)
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.CreatePackAsync();
        var error = await publisher.Client.PostTextAsync($"/api/v1/packs/{slug}/versions", body).JsonAsync(HttpStatusCode.BadRequest);
        Assert.Equal(text, Text(error, "error"));
    }

    [Fact]
    public async Task Publish_SameBytesAgain_IsADuplicate()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var manifest = await publisher.PublishAsync(slug, "1.0.0");
        await publisher.SendAsync(slug, manifest).FailsAsync(HttpStatusCode.Conflict, "duplicate_version");
    }

    [Fact]
    public async Task Publish_SeveralVersions_LatestIsTheLastPublished()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("2.0.0", "1.0.0-beta.1");
        Assert.Equal("1.0.0-beta.1", Text(await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync(), "latestVersion"));
    }

    [Fact]
    public async Task Publish_WithoutTheRight_IsRefusedBeforeTheBodyIsRead()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var path = $"/api/v1/packs/{slug}/versions";
        await api.Anonymous.PostTextAsync(path, "{}").FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await api.CreateClient(TestCallers.Token("player")).PostTextAsync(path, "{}").FailsAsync(HttpStatusCode.Forbidden, "role_required");
        await publisher.ClientWith(caller => caller with { Scopes = new HashSet<string> { "packs:write" } }).PostTextAsync(path, "{}").FailsAsync(HttpStatusCode.Forbidden, "scope_required");
        await publisher.Client.PostTextAsync("/api/v1/packs/no-such-pack/versions", "{}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await api.NewPublisher().Client.PostTextAsync(path, "{}").FailsAsync(HttpStatusCode.Forbidden, "not_owner");
        await publisher.ClientWith(caller => caller with { Packs = ["another"] }).PostTextAsync(path, "{}").FailsAsync(HttpStatusCode.Forbidden, "forbidden");
        await publisher.ClientWith(caller => caller with { Packs = [slug] }).PostTextAsync(path, "{}").FailsAsync(HttpStatusCode.BadRequest, "manifest_shape");
    }

    [Fact]
    public async Task Publish_ToAnothersPrivatePack_DoesNotShowThatItExists()
    {
        var slug = await api.NewPublisher().CreatePackAsync(more: new { visibility = "private" });
        await api.NewPublisher().Client.PostTextAsync($"/api/v1/packs/{slug}/versions", "{}").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Publish_ManifestWithManyFaults_NamesThemAll()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var draft = publisher.Draft(slug, "1.0", [1]);
        draft["files"]![0]!["path"] = "../x";
        draft["game"] = "tetris";
        var error = await publisher.SendAsync(slug, publisher.Sign(draft)).FailsAsync(HttpStatusCode.BadRequest, "manifest_shape");
        var paths = error.GetProperty("details").EnumerateArray().Select(detail => Text(detail, "path")).ToHashSet();
        Assert.Superset(new HashSet<string?> { "version", "game", "files[0].path" }, paths);
    }

    [Theory]
    [InlineData("{", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("null", "manifest_shape")]
    [InlineData("[]", "manifest_shape")]
    [InlineData("""{"name":"a","name":"b"}""", "invalid_json")]
    [InlineData("{} {}", "invalid_json")]
    [InlineData("\uFEFF{}", "invalid_json")]
    [InlineData("""{"name":"\ud800"}""", "invalid_json")]
    [InlineData("""{"schemaVersion":1e999}""", "manifest_shape")]
    [InlineData("""{"name":"a\u0000b"}""", "manifest_shape")]
    public async Task Publish_NoManifest_IsABadRequest(string body, string code)
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.CreatePackAsync();
        await publisher.Client.PostTextAsync($"/api/v1/packs/{slug}/versions", body).FailsAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Publish_TooDeepTooLongOrOfAnotherType_IsRefused()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.CreatePackAsync();
        var path = $"/api/v1/packs/{slug}/versions";
        await publisher.Client.PostTextAsync(path, new string('[', 100_000)).FailsAsync(HttpStatusCode.BadRequest, "invalid_json");
        await publisher.Client.PostTextAsync(path, new string(' ', (8 * 1024 * 1024) + 1)).FailsAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
        await publisher.Client.PostTextAsync(path, "{}", "text/plain").FailsAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Publish_ManifestOfAnotherPackOrGame_IsRefused()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        await publisher.SendAsync(slug, publisher.Sign(publisher.Draft("another-pack", "1.0.0", [1]))).FailsAsync(HttpStatusCode.BadRequest, "slug_mismatch");
        var valheim = await publisher.CreatePackAsync(more: new { game = "valheim" });
        await publisher.SendAsync(valheim, publisher.Sign(publisher.Draft(valheim, "1.0.0", [1]))).FailsAsync(HttpStatusCode.BadRequest, "manifest_shape");
    }

    [Fact]
    public async Task Publish_WithABadKey_SaysWhatIsWrongWithIt()
    {
        var (publisher, other) = (api.NewPublisher(), api.NewPublisher());
        var slug = await publisher.PublishPackAsync();
        await other.RegisterKeyAsync();
        var draft = publisher.Draft(slug, "1.0.0", await publisher.UploadAsync());
        await publisher.SendAsync(slug, publisher.Sign(draft, new KeyId(publisher.Caller.Username, "unknown"))).FailsAsync(HttpStatusCode.UnprocessableEntity, "unknown_key");
        await publisher.SendAsync(slug, publisher.Sign(draft, other.KeyId, other.Seed)).FailsAsync(HttpStatusCode.Forbidden, "key_not_yours");
        await publisher.SendAsync(slug, publisher.Sign(draft, seed: other.Seed)).FailsAsync(HttpStatusCode.UnprocessableEntity, "invalid_signature");
        await publisher.Client.DeleteAsync($"/api/v1/keys/{publisher.KeyId}").SucceedsAsync();
        await publisher.SendAsync(slug, publisher.Sign(draft)).FailsAsync(HttpStatusCode.UnprocessableEntity, "key_revoked");
    }

    [Fact]
    public async Task Publish_TamperedManifest_IsAnInvalidSignature()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var manifest = JsonNode.Parse(publisher.Sign(publisher.Draft(slug, "1.0.0", await publisher.UploadAsync())))!;
        manifest["unknownMember"] = "covered all the same";
        await publisher.SendAsync(slug, Encoding.UTF8.GetBytes(manifest.ToJsonString())).FailsAsync(HttpStatusCode.UnprocessableEntity, "invalid_signature");
    }

    [Fact]
    public async Task Publish_FilesThatAreNotThere_AreListed()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var present = await publisher.UploadAsync();
        var draft = publisher.Draft(slug, "1.0.0", present);
        var files = draft["files"]!.AsArray();
        files.Add(new JsonObject { ["path"] = "Mods/A/gone.txt", ["sha256"] = new string('a', 64), ["size"] = 1 });
        var resized = await publisher.UploadAsync();
        files.Add(new JsonObject { ["path"] = "Mods/A/resized.txt", ["sha256"] = Publisher.Sha256(resized), ["size"] = resized.Length + 1 });
        var error = await publisher.SendAsync(slug, publisher.Sign(draft)).FailsAsync(HttpStatusCode.UnprocessableEntity, "missing_files");
        Assert.Equal(
            new[] { new string('a', 64), Publisher.Sha256(resized) }.Order(StringComparer.Ordinal),
            error.GetProperty("missing").EnumerateArray().Select(hash => hash.GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM pack_versions v JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1", slug));
    }

    private static string? Text(System.Text.Json.JsonElement element, string member) => element.GetProperty(member).GetString();
}
