using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.IdentityService.Tests.Solder;

public sealed class SolderClientsTests(SolderClientsTests.WithCatalog api) : IClassFixture<SolderClientsTests.WithCatalog>
{
    private const string Path = "/api/client";

    [Fact]
    public async Task Client_IsMadeAttachedResolvedAndDeleted()
    {
        await using var changes = await api.ObserveAsync<TokenRevoked>();
        var manager = await ManagerAsync();
        var (name, uuid) = (IdentityApi.FreshName(), IdentityApi.FreshName());
        var made = await SendAsync(manager, HttpMethod.Post, Path, new { name, uuid }, HttpStatusCode.Created);
        Assert.Equal(["id", "name", "uuid", "created_at", "updated_at"], made.Members());
        Assert.Equal((name, uuid), (made.GetProperty("name").GetString(), made.GetProperty("uuid").GetString()));
        var caller = (await api.ResolveAsync(CredentialKind.SolderClient, uuid))!;
        Assert.Empty(caller.Solder.ClientModpacks);

        await SendAsync(manager, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = new[] { 1, 2, 2 } });
        await changes.FirstAsync(found => found.CredentialId == caller.CredentialId);
        Assert.Equal([1, 2], await ModpacksAsync(uuid));
        var renamed = await SendAsync(manager, HttpMethod.Put, $"{Path}/{uuid}", new { name = name + "2", modpacks = new[] { 2, 3 } });
        Assert.Equal(name + "2", renamed.GetProperty("name").GetString());
        Assert.Equal([2, 3], await ModpacksAsync(uuid)); // they replace those before
        await SendAsync(manager, HttpMethod.Put, $"{Path}/{uuid}", new { name });
        Assert.Equal([2, 3], await ModpacksAsync(uuid)); // and stay when they are not sent
        await SendAsync(manager, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = Array.Empty<int>() });
        Assert.Empty(await ModpacksAsync(uuid));

        Assert.Equal("""{"success":"Client deleted."}""", (await SendAsync(manager, HttpMethod.Delete, $"{Path}/{uuid}", null)).GetRawText());
        Assert.Null(await api.ResolveAsync(CredentialKind.SolderClient, uuid));
        await SendAsync(manager, HttpMethod.Delete, $"{Path}/{uuid}", null, HttpStatusCode.NotFound, """{"error":"Client not found."}""");
        await SendAsync(manager, HttpMethod.Put, $"{Path}/{uuid}", new { }, HttpStatusCode.NotFound, """{"error":"Client not found."}""");
    }

    [Fact]
    public async Task Client_BadBody_SaysWhy()
    {
        var manager = await ManagerAsync();
        var (name, uuid) = (IdentityApi.FreshName(), IdentityApi.FreshName());
        await SendAsync(manager, HttpMethod.Post, Path, new { }, HttpStatusCode.UnprocessableEntity, """{"error":{"name":["The name field is required."],"uuid":["The uuid field is required."]}}""");
        await SendAsync(manager, HttpMethod.Post, Path, new { name, uuid }, HttpStatusCode.Created);
        await SendAsync(manager, HttpMethod.Post, Path, new { name, uuid }, HttpStatusCode.UnprocessableEntity,
            """{"error":{"name":["The name has already been taken."],"uuid":["The uuid has already been taken."]}}""");
        await SendAsync(manager, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = new[] { 1, 77 } }, HttpStatusCode.UnprocessableEntity, """{"error":{"modpacks.1":["The selected modpacks.1 is invalid."]}}""");
        await SendAsync(manager, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = new[] { 77 }, name = "" }, HttpStatusCode.UnprocessableEntity,
            """{"error":{"name":["The name field is required."],"modpacks.0":["The selected modpacks.0 is invalid."]}}""");
        foreach (var none in new object?[] { null, "", 5 })
            await SendAsync(manager, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = none }, HttpStatusCode.UnprocessableEntity, """{"error":{"modpacks":["The modpacks field must be an array."]}}""");
        Assert.Empty(await ModpacksAsync(uuid));
        foreach (var unaddressable in new[] { "a/b", "a\\b", "a%b", ".." })
            await SendAsync(manager, HttpMethod.Post, Path, new { name = unaddressable, uuid = unaddressable }, HttpStatusCode.UnprocessableEntity, """{"error":{"uuid":["The uuid field format is invalid."]}}""");
    }

    [Fact]
    public async Task Client_NullInPlaceOfModpacks_KeepsThoseThatItHas()
    {
        var manager = await ManagerAsync();
        var uuid = IdentityApi.FreshName();
        await SendAsync(manager, HttpMethod.Post, Path, new { name = uuid, uuid }, HttpStatusCode.Created);
        await SendAsync(manager, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = new[] { 1 } });
        await SendAsync(manager, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = (int[]?)null }, HttpStatusCode.UnprocessableEntity);
        Assert.Equal([1], await ModpacksAsync(uuid));
    }

    [Fact]
    public async Task Client_ByATokenThatIsRestrictedToPacks_IsAttachedToThoseAlone()
    {
        var person = await api.NewPersonAsync();
        var flags = SolderGrants.None with { Flags = [SolderFlags.Clients] };
        var (manager, restricted) = (api.CreateClient(person.Caller with { Solder = flags }), api.CreateClient(person.Caller with { Solder = flags, Packs = ["pack1", "pack2"] }));
        var uuid = IdentityApi.FreshName();
        await SendAsync(manager, HttpMethod.Post, Path, new { name = uuid, uuid }, HttpStatusCode.Created);
        await SendAsync(restricted, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = new[] { 1, 3 } }, HttpStatusCode.UnprocessableEntity, """{"error":{"modpacks.1":["The selected modpacks.1 is invalid."]}}""");
        await SendAsync(restricted, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = new[] { 1, 2 } });
        await SendAsync(restricted, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = new[] { 1 } });
        Assert.Equal([1], await ModpacksAsync(uuid));

        await SendAsync(manager, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = new[] { 1, 3 } });
        const string refusal = """{"error":"This action is unauthorized.","message":"This action is unauthorized."}""";
        await SendAsync(restricted, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = Array.Empty<int>() }, HttpStatusCode.Forbidden, refusal);
        await SendAsync(restricted, HttpMethod.Delete, $"{Path}/{uuid}", null, HttpStatusCode.Forbidden, refusal);
        Assert.Equal([1, 3], await ModpacksAsync(uuid));
        await SendAsync(restricted, HttpMethod.Put, $"{Path}/{uuid}", new { name = uuid + "2" });
    }

    [Fact]
    public async Task Form_ThatIsMalformedOrTooLong_IsRefused()
    {
        var manager = await ManagerAsync();
        foreach (var (type, body, status) in new[]
        {
            ("multipart/form-data; boundary=x", "abc", HttpStatusCode.BadRequest),
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nbroken o", HttpStatusCode.BadRequest),
            ("multipart/form-data", "--x--", HttpStatusCode.BadRequest),
            ("application/x-www-form-urlencoded", string.Join('&', Enumerable.Range(0, 3_000).Select(i => $"f{i}=1")), HttpStatusCode.BadRequest),
            ("application/x-www-form-urlencoded", "name=" + new string('n', 256 * 1024), HttpStatusCode.RequestEntityTooLarge),
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n" + new string('n', 256 * 1024) + "\r\n--x--\r\n", HttpStatusCode.RequestEntityTooLarge),
            ("multipart/form-data; boundary=x", "", HttpStatusCode.UnprocessableEntity),
            ("application/x-www-form-urlencoded", "", HttpStatusCode.UnprocessableEntity),
        })
        {
            var content = new StringContent(body);
            content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
            using var answer = await manager.PostAsync(Path, content);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} instead of {(int)status} for {type}: {text}");
            if (status == HttpStatusCode.RequestEntityTooLarge) Assert.Contains("262144 bytes", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Client_MadeTwiceAtOnce_IsMadeOnce()
    {
        var manager = await ManagerAsync();
        var name = IdentityApi.FreshName();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            using var answer = await manager.PostAsJsonAsync(Path, new { name, uuid = $"{name}-{i}" });
            return (answer.StatusCode, Text: await answer.Content.ReadAsStringAsync());
        })));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.Created), answer =>
            Assert.Equal((HttpStatusCode.UnprocessableEntity, """{"error":{"name":["The name has already been taken."]}}"""), answer));
    }

    [Fact]
    public async Task Client_WithoutTheFlag_IsRefusedBeforeTheBodyAndAfterTheClient()
    {
        var manager = await ManagerAsync();
        var other = (await api.NewPersonAsync(Role.ServerOwner)).Client;
        var uuid = IdentityApi.FreshName();
        await SendAsync(manager, HttpMethod.Post, Path, new { name = uuid, uuid }, HttpStatusCode.Created);
        const string refusal = """{"error":"This action is unauthorized.","message":"This action is unauthorized."}""";
        await SendAsync(other, HttpMethod.Post, Path, new { }, HttpStatusCode.Forbidden, refusal);
        await SendAsync(other, HttpMethod.Put, $"{Path}/{uuid}", new { modpacks = "x" }, HttpStatusCode.Forbidden, refusal);
        await SendAsync(other, HttpMethod.Delete, $"{Path}/{uuid}", null, HttpStatusCode.Forbidden, refusal);
        await SendAsync(other, HttpMethod.Put, $"{Path}/nobody-has-this", new { }, HttpStatusCode.NotFound, """{"error":"Client not found."}""");
        await SendAsync((await api.NewPersonAsync(Role.Admin)).Client, HttpMethod.Delete, $"{Path}/{uuid}", null);
    }

    [Fact]
    public async Task Key_IsVerifiedResolvedAndForgotten()
    {
        await using var changes = await api.ObserveAsync<TokenRevoked>();
        var admin = await api.NewPersonAsync(Role.Admin);
        var key = await SendAsync(admin.Client, HttpMethod.Post, "/api/v1/admin/solder/keys", new { name = "Technic" }, HttpStatusCode.Created);
        var (id, text) = (key.GetProperty("id").GetGuid(), key.GetProperty("key").GetString()!);
        using var anyone = api.CreateClient();
        Assert.Equal("""{"valid":"Key validated.","name":"Technic"}""", (await SendAsync(anyone, HttpMethod.Get, $"/api/verify/{text}", null)).GetRawText());
        Assert.True((await api.ResolveAsync(CredentialKind.SolderKey, text))!.Solder.HasKey);
        await SendAsync(admin.Client, HttpMethod.Delete, $"/api/v1/admin/solder/keys/{id}", null, HttpStatusCode.NoContent);
        await changes.FirstAsync(found => found.CredentialId == id); // the gateways forget it
        await SendAsync(anyone, HttpMethod.Get, $"/api/verify/{text}", null, HttpStatusCode.Forbidden, """{"error":"Invalid key provided."}""");
        Assert.Null(await api.ResolveAsync(CredentialKind.SolderKey, text));
    }

    [Fact]
    public async Task Accounts_FollowTheirModpacksToANewSlug_AndLoseThoseThatAreDeleted()
    {
        var person = await api.NewPersonAsync(Role.ServerOwner);
        var (old, renamed) = (IdentityApi.FreshName(), IdentityApi.FreshName());
        await api.ExecuteAsync("UPDATE accounts SET solder_modpacks = ARRAY['other', $2] WHERE id = $1", person.Id, old);
        var (id, token) = await IdentityApi.MintAsync(person, new { name = "ci", packs = new[] { old } });
        await using var changes = await api.ObserveAsync<TokenRevoked>();
        await api.PublishAsync(new SolderModpackRenamed(Guid.NewGuid(), api.Clock.GetUtcNow(), old, renamed, Guid.NewGuid(), 2));
        await api.WaitUntilAsync(async () => await SlugsAsync() == $"other,{renamed}", TimeSpan.FromSeconds(20), "the account has it by its new slug");
        Assert.Equal([renamed], (await api.ResolveAsync(CredentialKind.Token, token))!.Packs);
        Assert.Equal(person.Id, (await changes.FirstAsync(found => found.CredentialId == id)).AccountId); // the gateways ask anew
        await api.PublishAsync(new PackRemoved(Guid.NewGuid(), api.Clock.GetUtcNow(), renamed, 9, Guid.NewGuid(), "x"));
        await api.WaitUntilAsync(async () => await SlugsAsync() == "other", TimeSpan.FromSeconds(20), "the account has it no more");

        async Task<string> SlugsAsync() => string.Join(',', (await api.ScalarAsync<string[]>("SELECT solder_modpacks FROM accounts WHERE id = $1", person.Id))!);
    }

    private async Task<IReadOnlyList<long>> ModpacksAsync(string uuid) => [.. (await api.ResolveAsync(CredentialKind.SolderClient, uuid))!.Solder.ClientModpacks.Order()];

    private async Task<HttpClient> ManagerAsync()
    {
        var person = await api.NewPersonAsync();
        return api.CreateClient(person.Caller with { Solder = SolderGrants.None with { Flags = [SolderFlags.Clients] } });
    }

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string path, object? body, HttpStatusCode status = HttpStatusCode.OK, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} instead of {(int)status}: {text}");
        if (json is not null) Assert.Equal(json, text);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }

    /// <summary>With a catalog that knows the modpacks 1 to 5, of the slugs pack1 to pack5.</summary>
    public sealed class WithCatalog : IdentityApi
    {
        private WebApplication? catalog;

        public override async Task InitializeAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            catalog = builder.Build();
            catalog.Run(async context =>
            {
                var asked = await context.Request.ReadFromJsonAsync<SolderModpackNumbers>();
                await context.Response.WriteAsJsonAsync(new SolderModpackNumbers([.. asked!.Modpacks.Where(number => number is >= 1 and <= 5 && asked.Slugs?.Contains($"pack{number}") != false)]));
            });
            await catalog.StartAsync();
            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            if (catalog is not null) await catalog.DisposeAsync();
        }

        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["services:catalog:http:0"] = catalog!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        }
    }
}
