using System.Net;
using System.Text.Json;
using PackRelay.CatalogService.Keys;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Keys;

public sealed class KeysTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private const string Path = "/api/v1/keys";

    [Theory]
    [InlineData("{0}%2F{1}")]
    [InlineData("{0}%2f{1}")]
    [InlineData("{0}/{1}")]
    public async Task Get_KeyInEitherForm_AnswersIt(string form)
    {
        var publisher = api.NewPublisher($"dark.rising-{Guid.NewGuid():N}"[..30]);
        using var response = await publisher.Client.PostAsync(Path, new { name = "main", publicKey = publisher.PublicKey });
        var registered = await Task.FromResult(response).JsonAsync(HttpStatusCode.Created);
        Assert.Equal($"{Path}/{publisher.Caller.Username}%2Fmain", response.Headers.Location?.ToString());
        Assert.Equal(["algorithm", "createdAt", "keyId", "publicKey", "revokedAt"], registered.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            (publisher.KeyId.ToString(), publisher.PublicKey, "ed25519", JsonValueKind.Null),
            (Text(registered, "keyId"), Text(registered, "publicKey"), Text(registered, "algorithm"), registered.GetProperty("revokedAt").ValueKind));
        var path = form.Replace("{0}", publisher.Caller.Username, StringComparison.Ordinal).Replace("{1}", "main", StringComparison.Ordinal);
        Assert.Equal(registered.GetRawText(), (await api.Anonymous.GetAsync($"{Path}/{path}").JsonAsync()).GetRawText());
    }

    [Theory]
    [InlineData("nobody/none")]
    [InlineData("nobody%2Fnone")]
    [InlineData("nobody")]
    [InlineData("UPPER%2Fcase")]
    public async Task Get_UnknownKey_IsNotFound(string keyId) => await api.Anonymous.GetAsync($"{Path}/{keyId}").FailsAsync(HttpStatusCode.NotFound, "not_found");

    [Fact]
    public async Task Register_NameThatIsTaken_ConflictsAlsoForTheSameBytes()
    {
        var publisher = api.NewPublisher();
        await publisher.RegisterKeyAsync();
        await publisher.Client.PostAsync(Path, new { name = "main", publicKey = publisher.PublicKey }).FailsAsync(HttpStatusCode.Conflict, "key_exists");
        await publisher.Client.PostAsync(Path, new { name = "main", publicKey = api.NewPublisher().PublicKey }).FailsAsync(HttpStatusCode.Conflict, "key_exists");
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "weak_key")] // small order
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "weak_key")] // the neutral element
    [InlineData("7v///////////////////////////////////////38=", "weak_key")] // not reduced modulo p
    [InlineData("7P///////////////////////////////////////38=", "weak_key")] // order 2
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA=", "weak_key")] // order 4
    [InlineData("xxdqcD1N2E+6PAt2DRBnDyogU/osOczGTsf9d5KsA3o=", "weak_key")] // order 8
    [InlineData("xxdqcD1N2E+6PAt2DRBnDyogU/osOczGTsf9d5KsA/o=", "weak_key")] // order 8, the other sign
    [InlineData("JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/AU=", "weak_key")] // order 8
    [InlineData("JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/IU=", "weak_key")] // order 8, the other sign
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA=", "weak_key")] // the neutral element with a sign it cannot have
    [InlineData("7f///////////////////////////////////////38=", "weak_key")] // 0 as p
    [InlineData("/////////////////////////////////////////38=", "weak_key")] // 18 as 2^255 - 1
    [InlineData("AAAA", "invalid_public_key")]
    [InlineData("no base64", "invalid_public_key")]
    [InlineData(" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "invalid_public_key")]
    [InlineData("", "invalid_public_key")]
    public async Task Register_BadKey_IsRefused(string publicKey, string code) =>
        await api.NewPublisher().Client.PostAsync(Path, new { name = "main", publicKey }).FailsAsync(HttpStatusCode.BadRequest, code);

    [Theory]
    [InlineData("""{"name":"Main","publicKey":""}""", "invalid_name")]
    [InlineData("""{"name":"a.b","publicKey":""}""", "invalid_name")]
    [InlineData("""{"name":"","publicKey":""}""", "invalid_name")]
    [InlineData("""{"name":"123456789012345678901234567890123456789012345678901","publicKey":""}""", "invalid_name")]
    [InlineData("""{"name":"main"}""", "invalid_json")]
    [InlineData("""{"name":"main","publicKey":7}""", "invalid_json")]
    [InlineData("""{"name":"a","name":"b","publicKey":""}""", "invalid_json")]
    public async Task Register_BadBody_IsRefused(string body, string code) =>
        await api.NewPublisher().Client.PostTextAsync(Path, body).FailsAsync(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task Register_WithoutTheRight_IsRefused()
    {
        await api.Anonymous.PostTextAsync(Path, "{}").FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await api.CreateClient(TestCallers.Session("player")).PostTextAsync(Path, "{}").FailsAsync(HttpStatusCode.Forbidden, "role_required");
        await api.NewPublisher(change: caller => caller with { Scopes = new HashSet<string>() }).Client.PostTextAsync(Path, "{}").FailsAsync(HttpStatusCode.Forbidden, "scope_required");
        await api.NewPublisher().Client.PostHugeAsync(Path).FailsAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
        await api.NewPublisher().Client.PostTextAsync(Path, "{}", "text/plain").FailsAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("%2F")]
    public async Task Revoke_Key_StaysWithItsTimeAndIsAnnouncedOnce(string slash)
    {
        await using var events = await api.ObserveAsync<KeyRevoked>();
        var publisher = api.NewPublisher();
        await publisher.RegisterKeyAsync();
        var path = $"{Path}/{publisher.Caller.Username}{slash}main";
        await publisher.Client.DeleteAsync(path).SucceedsAsync();
        var revoked = await api.Anonymous.GetAsync(path).JsonAsync();
        Assert.Equal(publisher.PublicKey, Text(revoked, "publicKey"));
        await publisher.Client.DeleteAsync(path).SucceedsAsync();
        Assert.Equal(Text(revoked, "revokedAt"), Text(await api.Anonymous.GetAsync(path).JsonAsync(), "revokedAt"));
        Assert.Equal(publisher.Caller.AccountId, (await events.FirstAsync(found => found.KeyId == publisher.KeyId.ToString())).OwnerId);
        await publisher.Client.PostAsync(Path, new { name = "main", publicKey = publisher.PublicKey }).FailsAsync(HttpStatusCode.Conflict, "key_exists");
    }

    [Fact]
    public async Task Revoke_WhileAPublishIsUnderWay_RefusesIt()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        var manifest = publisher.Sign(publisher.Draft(slug, "2.0.0", await publisher.UploadAsync()));
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        await using var revoking = await connection.BeginTransactionAsync();
        await KeyGate.CloseAsync(connection, publisher.KeyId.ToString(), CancellationToken.None);
        await connection.ExecuteAsync("UPDATE publisher_keys SET revoked_at = now() WHERE key_id = $1", CancellationToken.None, publisher.KeyId.ToString());
        var publishing = publisher.SendAsync(slug, manifest); // its checks still see a good key
        await api.WaitUntilAsync(
            () => api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%key:%')"),
            TimeSpan.FromSeconds(60), "the publish waits for the key");
        await revoking.CommitAsync();
        await publishing.FailsAsync(HttpStatusCode.UnprocessableEntity, "key_revoked");
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM pack_versions v JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1", slug));

        var key = Assert.Single((await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync()).GetProperty("keys").EnumerateArray());
        Assert.Equal(["firstUsedAt", "keyId", "lastUsedAt", "revokedAt", "versions"], key.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal((publisher.KeyId.ToString(), 1), (Text(key, "keyId"), key.GetProperty("versions").GetInt32()));
        Assert.NotNull(Text(key, "revokedAt"));
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest/1.0.0").JsonAsync(); // what it signed stays
    }

    [Fact]
    public async Task Revoke_AnothersOrUnknownKey_IsRefused()
    {
        var publisher = api.NewPublisher();
        await publisher.RegisterKeyAsync();
        var path = $"{Path}/{publisher.KeyId}";
        await api.Anonymous.DeleteAsync(path).FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await api.NewPublisher().Client.DeleteAsync(path).FailsAsync(HttpStatusCode.Forbidden, "not_owner");
        await publisher.Client.DeleteAsync($"{path}x").FailsAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(JsonValueKind.Null, (await api.Anonymous.GetAsync(path).JsonAsync()).GetProperty("revokedAt").ValueKind);
    }

    [Fact]
    public async Task Revoke_ByAnAdmin_RevokesAndTellsTheOwner()
    {
        await using var events = await api.ObserveAsync<KeyRevoked>();
        var publisher = api.NewPublisher();
        await publisher.RegisterKeyAsync();
        await api.NewPublisher(change: caller => caller with { Role = Role.Admin }).Client.DeleteAsync($"{Path}/{publisher.KeyId}").SucceedsAsync();
        Assert.NotNull(Text(await api.Anonymous.GetAsync($"{Path}/{publisher.KeyId}").JsonAsync(), "revokedAt"));
        Assert.Equal(publisher.Caller.AccountId, (await events.FirstAsync(found => found.KeyId == publisher.KeyId.ToString())).OwnerId);
    }

    [Fact]
    public async Task Change_WithATokenRestrictedToPacks_IsForbidden()
    {
        var publisher = api.NewPublisher();
        await publisher.RegisterKeyAsync();
        var restricted = publisher.ClientWith(caller => caller with { Packs = ["some-pack"] });
        await restricted.PostTextAsync(Path, "{}").FailsAsync(HttpStatusCode.Forbidden, "forbidden");
        await restricted.DeleteAsync($"{Path}/{publisher.KeyId}").FailsAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(JsonValueKind.Null, (await api.Anonymous.GetAsync($"{Path}/{publisher.KeyId}").JsonAsync()).GetProperty("revokedAt").ValueKind);
    }

    [Fact]
    public async Task ListMine_SeveralKeys_ShowsOnesOwnPaged()
    {
        var (publisher, other) = (api.NewPublisher(), api.NewPublisher());
        await other.RegisterKeyAsync();
        foreach (var name in new[] { "b", "a", "c" })
            await publisher.Client.PostAsync(Path, new { name, publicKey = publisher.PublicKey }).SucceedsAsync(HttpStatusCode.Created);
        var first = await publisher.Client.GetAsync("/api/v1/me/keys?limit=2").JsonAsync();
        var cursor = first.GetProperty("nextCursor").GetString();
        var second = await publisher.Client.GetAsync($"/api/v1/me/keys?limit=2&cursor={cursor}").JsonAsync();
        var user = publisher.Caller.Username;
        Assert.Equal([$"{user}/a", $"{user}/b", $"{user}/c"], Ids(first).Concat(Ids(second)));
        await other.Client.GetAsync($"/api/v1/me/keys?cursor={cursor}").FailsAsync(HttpStatusCode.BadRequest, "invalid_cursor");
        await api.Anonymous.GetAsync("/api/v1/me/keys").FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private static IEnumerable<string?> Ids(JsonElement page) => page.GetProperty("keys").EnumerateArray().Select(key => Text(key, "keyId"));

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
