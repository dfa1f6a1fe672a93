using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Solder;

/// <summary>One catalogue: native packs among the modpacks, modpacks among the native packs.</summary>
public sealed class SignedVersionTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task NativePack_IsAModpackWhoseBuildsHaveOneZip()
    {
        var publisher = NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0", "1.1.0");
        var pack = await api.Anonymous.GetAsync($"/api/modpack/{slug}").JsonAsync();
        Assert.Equal(("A pack", "1.1.0", "1.1.0", "1.0.0,1.1.0"), (
            pack.GetProperty("display_name").GetString(), pack.GetProperty("recommended").GetString(), pack.GetProperty("latest").GetString(), string.Join(',', pack.GetProperty("builds").Texts())));
        Assert.True((await api.Anonymous.GetAsync("/api/modpack").JsonAsync()).GetProperty("modpacks").TryGetProperty(slug, out _));

        var build = await api.Anonymous.GetAsync($"/api/modpack/{slug}/1.0.0?include=mods").JsonAsync();
        Assert.Equal("V2.0", build.GetProperty("minecraft").GetString());
        var mod = Assert.Single(build.GetProperty("mods").EnumerateArray());
        Assert.Equal((slug, "1.0.0", "A pack"), (mod.GetProperty("name").GetString(), mod.GetProperty("version").GetString(), mod.GetProperty("pretty_name").GetString()));
        using var redirect = await api.Anonymous.GetAsync(new Uri(mod.GetProperty("url").GetString()!).PathAndQuery);
        Assert.Equal(HttpStatusCode.Redirect, redirect.StatusCode);
        var zip = await api.Anonymous.GetByteArrayAsync(redirect.Headers.Location!.PathAndQuery);
        Assert.Equal(mod.GetProperty("md5").GetString(), SolderUser.Md5(zip));
        Assert.Equal(mod.GetProperty("filesize").GetInt64(), zip.Length);
    }

    [Fact]
    public async Task NativePrivatePack_GivesItsZipToThoseWithAccess()
    {
        var publisher = NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        await publisher.Client.PatchAsJsonAsync($"/api/v1/packs/{slug}", new { visibility = "private" }).JsonAsync();
        await api.Anonymous.GetAsync($"/api/modpack/{slug}/1.0.0").NotFoundAsync("Modpack does not exist");
        var build = await SolderUser.Key(api).GetAsync($"/api/modpack/{slug}/1.0.0").JsonAsync();
        var mod = build.GetProperty("mods")[0];
        var zip = await api.Anonymous.GetByteArrayAsync(new Uri(mod.GetProperty("url").GetString()!).PathAndQuery); // by its hash, which only those know
        Assert.Equal(mod.GetProperty("md5").GetString(), SolderUser.Md5(zip));
    }

    [Fact]
    public async Task NativePrivatePack_ThatIsWithdrawn_GivesItsZipToNobody()
    {
        var publisher = NewPublisher();
        var slug = await publisher.PublishPackAsync("1.0.0");
        await publisher.Client.PatchAsJsonAsync($"/api/v1/packs/{slug}", new { visibility = "private" }).JsonAsync();
        var mod = (await SolderUser.Key(api).GetAsync($"/api/modpack/{slug}/1.0.0").JsonAsync()).GetProperty("mods")[0];
        var address = new Uri(mod.GetProperty("url").GetString()!).PathAndQuery;
        await publisher.Client.PostAsync($"/api/v1/packs/{slug}/versions/1.0.0/withdraw", new { reason = "broken" }).SucceedsAsync();
        await api.Anonymous.GetAsync(address).FailsAsync(HttpStatusCode.NotFound, "not_found");
        await publisher.Client.DeleteAsync($"/api/v1/packs/{slug}/versions/1.0.0/withdraw").SucceedsAsync();
        Assert.Equal(mod.GetProperty("md5").GetString(), SolderUser.Md5(await api.Anonymous.GetByteArrayAsync(address)));
    }

    [Fact]
    public async Task Withdrawing_OnEitherSide_ShowsOnTheOther()
    {
        var publisher = NewPublisher("modpacks_manage");
        var slug = await publisher.PublishPackAsync("1.0.0", "1.1.0");
        await publisher.Client.PostAsync($"/api/v1/packs/{slug}/versions/1.1.0/withdraw", new { reason = "broken" }).SucceedsAsync();
        Assert.Equal(["1.0.0"], await BuildsAsync(slug));
        await api.Anonymous.GetAsync($"/api/modpack/{slug}/1.1.0").NotFoundAsync("Build does not exist");

        var restored = await publisher.Client.PutAsync($"/api/modpack/{slug}/1.1.0", new { is_published = true }).JsonAsync();
        Assert.Equal((true, "V2.0"), (restored.GetProperty("is_published").GetBoolean(), restored.GetProperty("minecraft").GetString()));
        Assert.Equal("1.1.0", await LatestAsync(slug));
        await publisher.Client.DeleteAsync($"/api/modpack/{slug}/1.1.0").AnswersAsync(HttpStatusCode.OK, """{"success":"Build deleted."}""");
        await publisher.Client.DeleteAsync($"/api/modpack/{slug}/1.1.0").NotFoundAsync("Build not found.");
        Assert.Equal("1.0.0", await LatestAsync(slug));
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}/manifest/1.1.0").FailsAsync(HttpStatusCode.Gone, "withdrawn");
    }

    [Fact]
    public async Task SignedVersion_ThroughTheDialect_DoesNotChange()
    {
        var publisher = NewPublisher("modpacks_manage");
        var slug = await publisher.PublishPackAsync("1.0.0");
        await publisher.Client.PutAsync($"/api/modpack/{slug}/1.0.0", new { minecraft = "1.20" }).UnprocessableAsync("""{"minecraft":["The minecraft field is prohibited: the version is signed."]}""");
        await publisher.Client.PostAsync($"/api/modpack/{slug}/1.0.0/mod", new { }).UnprocessableAsync("\"Signed versions cannot be changed.\"");
        await publisher.Client.PostAsync($"/api/modpack/{slug}/build", new { version = "1.0.0", minecraft = "1" }).UnprocessableAsync("\"Build version already exists for this modpack.\"");
        await publisher.Client.PostAsync($"/api/modpack/{slug}/build", new { version = "1.0.1", minecraft = "1", is_published = true }).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(["1.0.0", "1.0.1"], await BuildsAsync(slug));
        var manifest = publisher.Sign(publisher.Draft(slug, "1.0.1", await publisher.UploadAsync()));
        await publisher.SendAsync(slug, manifest).FailsAsync(HttpStatusCode.Conflict, "duplicate_version");
    }

    [Fact]
    public async Task Modpack_IsANativePackWithoutAVersion()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync(hidden: true);
        await user.CreateBuildAsync(slug, "1");
        var pack = await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync();
        Assert.Equal((JsonValueKind.Null, "minecraft", "unlisted"), (pack.GetProperty("latestVersion").ValueKind, pack.GetProperty("game").GetString(), pack.GetProperty("visibility").GetString()));
        await user.Client.PutAsync($"/api/modpack/{slug}", new { @private = true }).JsonAsync();
        await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").FailsAsync(HttpStatusCode.NotFound, "not_found");
        await user.Client.PatchAsJsonAsync($"/api/v1/packs/{slug}", new { visibility = "public", name = "Named natively" }).JsonAsync();
        Assert.Equal("Named natively", (await api.Anonymous.GetAsync("/api/modpack").JsonAsync()).GetProperty("modpacks").GetProperty(slug).GetString());
        await user.Client.DeleteAsync($"/api/v1/packs/{slug}").SucceedsAsync();
        await api.Anonymous.GetAsync($"/api/modpack/{slug}").NotFoundAsync("Modpack does not exist");
        await user.Client.PutAsync($"/api/modpack/{slug}", new { }).NotFoundAsync("Modpack not found.");
    }

    private Publisher NewPublisher(params string[] flags) => api.NewPublisher(change: caller => caller with { Solder = SolderGrants.None with { Flags = flags } });

    private async Task<string[]> BuildsAsync(string slug) => (await api.Anonymous.GetAsync($"/api/modpack/{slug}").JsonAsync()).GetProperty("builds").Texts();

    private async Task<string?> LatestAsync(string slug) => (await api.Anonymous.GetAsync($"/api/v1/packs/{slug}").JsonAsync()).GetProperty("latestVersion").GetString();
}
