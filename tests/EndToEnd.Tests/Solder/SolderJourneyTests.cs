using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PackRelay.EndToEnd.Tests.Documents;
using PackRelay.ServiceDefaults.Solder;
using PackRelay.Testing;
using static PackRelay.EndToEnd.Tests.Publisher;

namespace PackRelay.EndToEnd.Tests.Solder;

/// <summary>The Solder dialect as its scripts and launchers use it, through the gateway.</summary>
[Collection(HubGroup.Name)]
public sealed class SolderJourneyTests(Hub hub)
{
    /// <summary>The promise is a second, which a busy machine may miss; what no event reached would be kept for longer than this.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Script_UploadsAModpack_AndLaunchersInstallIt()
    {
        var (publisher, script) = await EditorAsync();
        using var owned = publisher;
        var (slug, mods) = (NewSlug("pack"), new[] { NewSlug("modpack"), NewSlug("mod") });
        await ExpectAsync(HttpStatusCode.Created, script.PostAsJsonAsync("/api/modpack", new { name = "Pack " + slug, slug, hidden = false }));
        await ExpectAsync(HttpStatusCode.Created, script.PostAsJsonAsync($"/api/modpack/{slug}/build", new { version = "1.0.0", minecraft = "1.7.10", forge = "10.13.4", min_java = "1.8", min_memory = 2048 }));
        foreach (var mod in mods)
        {
            await ExpectAsync(HttpStatusCode.Created, script.PostAsJsonAsync("/api/mod", new { name = mod, pretty_name = "Mod " + mod }));
            await ExpectAsync(HttpStatusCode.Created, script.PostAsJsonAsync($"/api/mod/{mod}/version", new { version = "1.0", md5 = "to be computed" }));
            using var zip = new ByteArrayContent(Zip(mod == mods[0] ? "bin/modpack.jar" : $"mods/{mod}.jar", "content of " + mod));
            await ExpectAsync(HttpStatusCode.OK, script.PutAsync($"/api/mod/{mod}/1.0/file", zip));
            await ExpectAsync(HttpStatusCode.Created, script.PostAsJsonAsync($"/api/modpack/{slug}/1.0.0/mod", new { mod_slug = mod, mod_version = "1.0" }));
        }

        using var icon = new ByteArrayContent([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]);
        await ExpectAsync(HttpStatusCode.OK, script.PutAsync($"/api/modpack/{slug}/art/icon", icon));
        await ExpectAsync(HttpStatusCode.OK, script.PutAsJsonAsync($"/api/modpack/{slug}/1.0.0", new { is_published = true }));

        foreach (var files in new[] { await InstallAsTechnicAsync(slug), await InstallAsPrismAsync(slug, "1.0.0") })
        {
            Assert.Equal([$"bin/modpack.jar", $"mods/{mods[1]}.jar"], files.Keys.Order(StringComparer.Ordinal));
            Assert.Equal("content of " + mods[1], files[$"mods/{mods[1]}.jar"]);
        }
    }

    [Fact]
    public async Task NativePack_IsInstalledByLaunchers()
    {
        var publisher = await hub.PublisherAsync();
        var slug = await publisher.CreatePackAsync();
        await ExpectAsync(HttpStatusCode.Created, publisher.PublishAsync(slug, await publisher.SignManifestAsync(slug)));
        foreach (var files in new[] { await InstallAsTechnicAsync(slug), await InstallAsPrismAsync(slug, "1.0.0") })
            Assert.Equal(["Mods/M0/file.bin", "_packrelay-manifest.json"], files.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Credentials_OpenWhatTheyShould_UntilTheyAreTakenAway()
    {
        var (publisher, script) = await EditorAsync();
        using var owned = publisher;
        var slug = NewSlug("pack");
        var pack = await ExpectAsync(HttpStatusCode.Created, script.PostAsJsonAsync("/api/modpack", new { name = "Pack " + slug, slug, @private = true }));
        var admin = await hub.AdminAsync();
        var key = await ExpectAsync(HttpStatusCode.Created, admin.PostAsJsonAsync("/api/v1/admin/solder/keys", new { name = "Technic" }));
        var uuid = Guid.NewGuid().ToString();
        await ExpectAsync(HttpStatusCode.Created, script.PostAsJsonAsync("/api/client", new { name = uuid, uuid }));
        await ExpectAsync(HttpStatusCode.OK, script.PutAsJsonAsync($"/api/client/{uuid}", new { modpacks = new[] { (long)pack["id"]! } }));
        Assert.Equal("""{"error":{"modpacks.0":["The selected modpacks.0 is invalid."]}}""", (await ExpectAsync(HttpStatusCode.UnprocessableEntity, script.PutAsJsonAsync($"/api/client/{uuid}", new { modpacks = new[] { 999_999_999 } }))).ToJsonString());

        var path = $"/api/modpack/{slug}";
        using var anyone = HubClient.Create(hub.Gateway);
        using var elsewhere = HubClient.Create(hub.OtherGateway);
        foreach (var client in new[] { anyone, elsewhere })
        {
            await ExpectAsync(HttpStatusCode.NotFound, client.GetAsync(path));
            await ExpectAsync(HttpStatusCode.OK, client.GetAsync($"{path}?k={(string?)key["key"]}"));
            await ExpectAsync(HttpStatusCode.OK, client.GetAsync($"{path}?cid={uuid}"));
            await ExpectAsync(HttpStatusCode.NotFound, client.GetAsync($"{path}?cid={Guid.NewGuid()}&k=unknown"));
            await ExpectAsync(HttpStatusCode.NotFound, client.GetAsync(path)); // nothing of what others may see was kept
        }

        Assert.Equal("""{"valid":"Key validated.","name":"Technic"}""", (await ExpectAsync(HttpStatusCode.OK, anyone.GetAsync($"/api/verify/{(string?)key["key"]}"))).ToJsonString());
        using (var deleted = await admin.DeleteAsync($"/api/v1/admin/solder/keys/{(string?)key["id"]}")) Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await ExpectAsync(HttpStatusCode.OK, script.DeleteAsync($"/api/client/{uuid}"));
        foreach (var client in new[] { anyone, elsewhere })
        {
            await SoonAsync(async () => (await StatusAsync(client, $"{path}?k={(string?)key["key"]}")) == HttpStatusCode.NotFound, "the key opens nothing any more");
            await SoonAsync(async () => (await StatusAsync(client, $"{path}?cid={uuid}")) == HttpStatusCode.NotFound, "the client opens nothing any more");
        }
    }

    [Fact]
    public async Task Change_OnEitherSide_ShowsOnTheOtherAtEveryGatewayWithinASecond()
    {
        var (publisher, script) = await EditorAsync();
        using var owned = publisher;
        var slug = NewSlug("pack");
        await ExpectAsync(HttpStatusCode.Created, script.PostAsJsonAsync("/api/modpack", new { name = "Pack " + slug, slug, hidden = false }));
        await ExpectAsync(HttpStatusCode.Created, script.PostAsJsonAsync($"/api/modpack/{slug}/build", new { version = "1", minecraft = "1", is_published = true }));
        using var elsewhere = HubClient.Create(hub.OtherGateway);
        Assert.Equal("[\"1\"]", (await ExpectAsync(HttpStatusCode.OK, elsewhere.GetAsync($"/api/modpack/{slug}")))["builds"]!.ToJsonString());
        await ExpectAsync(HttpStatusCode.OK, elsewhere.GetAsync($"/api/modpack/{slug}/1"));
        await ExpectAsync(HttpStatusCode.OK, elsewhere.GetAsync($"/api/v1/packs/{slug}"));

        await ExpectAsync(HttpStatusCode.OK, script.DeleteAsync($"/api/modpack/{slug}/1"));
        await SoonAsync(async () => (await StatusAsync(elsewhere, $"/api/modpack/{slug}/1")) == HttpStatusCode.NotFound, "the build is gone");
        using (var hidden = await publisher.Client.PatchAsJsonAsync($"/api/v1/packs/{slug}", new { visibility = "private" })) Assert.Equal(HttpStatusCode.OK, hidden.StatusCode);
        await SoonAsync(async () => (await StatusAsync(elsewhere, $"/api/modpack/{slug}")) == HttpStatusCode.NotFound, "what is private natively is private here");
        await ExpectAsync(HttpStatusCode.OK, script.PutAsJsonAsync($"/api/modpack/{slug}", new { @private = false }));
        await SoonAsync(async () => (await StatusAsync(elsewhere, $"/api/v1/packs/{slug}")) == HttpStatusCode.OK, "what is open here is open natively");
        await ExpectAsync(HttpStatusCode.OK, script.DeleteAsync($"/api/modpack/{slug}"));
        await SoonAsync(async () => (await StatusAsync(elsewhere, $"/api/v1/packs/{slug}")) == HttpStatusCode.NotFound, "what is deleted here is deleted natively");
    }

    [Fact]
    public async Task SignedVersion_WithdrawnOnEitherSide_IsGoneFromTheOtherAtEveryGatewayWithinASecond()
    {
        var (publisher, script) = await EditorAsync();
        using var owned = publisher;
        using var elsewhere = HubClient.Create(hub.OtherGateway);
        var slug = await publisher.CreatePackAsync();
        foreach (var version in (string[])["1.0.0", "1.1.0"])
        {
            await ExpectAsync(HttpStatusCode.Created, publisher.PublishAsync(slug, await publisher.SignManifestAsync(slug, version)));
            await SoonAsync(async () => (await StatusAsync(elsewhere, $"/api/modpack/{slug}/{version}")) == HttpStatusCode.OK, "what is published natively is a build");
            await ExpectAsync(HttpStatusCode.OK, elsewhere.GetAsync($"/api/v1/packs/{slug}/manifest/{version}"));
        }

        await SoonAsync(async () => (await BuildsAsync(elsewhere, slug)) == """["1.0.0","1.1.0"]""", "both are listed");
        using (var withdrawn = await publisher.Client.PostAsJsonAsync($"/api/v1/packs/{slug}/versions/1.1.0/withdraw", new { reason = "broken" })) Assert.Equal(HttpStatusCode.NoContent, withdrawn.StatusCode);
        await SoonAsync(async () => (await StatusAsync(elsewhere, $"/api/modpack/{slug}/1.1.0")) == HttpStatusCode.NotFound, "what is withdrawn natively is no build");
        await SoonAsync(async () => (await BuildsAsync(elsewhere, slug)) == """["1.0.0"]""", "nor is it listed");

        await ExpectAsync(HttpStatusCode.OK, script.PutAsJsonAsync($"/api/modpack/{slug}", new { hidden = true }));
        await SoonAsync(async () => (string?)(await ExpectAsync(HttpStatusCode.OK, elsewhere.GetAsync($"/api/v1/packs/{slug}")))["visibility"] == "unlisted", "what is hidden here is not listed natively");
        await ExpectAsync(HttpStatusCode.OK, script.DeleteAsync($"/api/modpack/{slug}/1.0.0"));
        await SoonAsync(async () => (await StatusAsync(elsewhere, $"/api/v1/packs/{slug}/manifest/1.0.0")) == HttpStatusCode.Gone, "the build that is deleted here is withdrawn natively");

        var empty = await publisher.CreatePackAsync();
        await ExpectAsync(HttpStatusCode.OK, elsewhere.GetAsync($"/api/modpack/{empty}"));
        using (var deleted = await publisher.Client.DeleteAsync($"/api/v1/packs/{empty}")) Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await SoonAsync(async () => (await StatusAsync(elsewhere, $"/api/modpack/{empty}")) == HttpStatusCode.NotFound, "what is deleted natively is deleted here");
    }

    [Fact]
    public async Task Token_OfTheDialect_WorksUntilItIsRevoked()
    {
        var (publisher, script) = await EditorAsync();
        using var owned = publisher;
        var minted = (await ExpectAsync(HttpStatusCode.Created, script.PostAsJsonAsync("/api/token", new { name = "another" })))["token"]!;
        using var other = HubClient.Create(hub.OtherGateway);
        other.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string?)minted["plaintext"]);
        await ExpectAsync(HttpStatusCode.OK, other.PostAsync("/api/minecraft/refresh", null));
        await ExpectErrorAsync(HttpStatusCode.Forbidden, "scope_required", other.PostAsJsonAsync("/api/v1/packs", new { })); // natively it is good for nothing
        await ExpectAsync(HttpStatusCode.OK, script.DeleteAsync($"/api/token/{(long)minted["id"]!}"));
        await SoonAsync(async () => (await StatusAsync(other, "/api/modpack")) == HttpStatusCode.Unauthorized, "the token is refused");
    }

    /// <summary>Every operation of the dialect.</summary>
    public static TheoryData<string, string> Routes
    {
        get
        {
            var routes = new TheoryData<string, string>();
            foreach (var operation in HubClient.Contract.Operations.Where(operation => SolderRoutes.Contains(operation.Path) || operation.Path.StartsWith("/mirror/", StringComparison.Ordinal)))
                routes.Add(operation.Method, operation.Path);
            return routes;
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Anything_WithOddValues_IsNoFaultOfTheHub(string method, string path)
    {
        var (publisher, script) = await EditorAsync();
        using var owned = publisher;
        string[] odd = [new('a', 2_000), "%ED%A0%80", "%FF", "%20", "%F0%9F%A6%8A", "-1", "99999999999999999999", "a%00b"];
        string[] bodies = ["", "{", "null", "[]", "[1]", "\"text\"", "{} {}", "\uFEFF{}", """{"a":1,"a":2}""", """{"name":{"x":1},"slug":[],"modpacks":{"a":1},"version":{},"md5":[[]],"min_memory":1e99}""",
            """{"name":"a\u0000b","version":"a\u0000b","minecraft":"a\u0000b","uuid":"a\u0000b","modpacks":[1.5,null,"x"],"filesize":99999999999999999999}"""];
        foreach (var value in odd.Where(value => path.Contains('{', StringComparison.Ordinal) && value != "a%00b")) await AssertAsync(string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? value : part)), "{}");
        foreach (var value in odd.Where(_ => method == "GET" && path.StartsWith("/api/modpack", StringComparison.Ordinal))) await AssertAsync($"{path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}?k={value}&cid={value}&include={value}", "{}");
        foreach (var body in bodies.Where(_ => method is "POST" or "PUT")) await AssertAsync(path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), body);

        async Task AssertAsync(string target, string body)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), target);
            if (method is "POST" or "PUT") request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await script.SendAsync(request);
            Assert.True((int)answer.StatusCode < 500, $"{target} {body}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>An account with every right in the dialect, and a script with a token of the dialect's own.</summary>
    private async Task<(Publisher Publisher, HttpClient Script)> EditorAsync()
    {
        var publisher = await RegisterAsync(hub.Gateway);
        var admin = await hub.AdminAsync();
        var account = (await ExpectAsync(HttpStatusCode.OK, admin.GetAsync($"/api/v1/admin/accounts?q={publisher.Username}")))["accounts"]![0]!;
        await ExpectAsync(HttpStatusCode.OK, admin.PatchAsJsonAsync($"/api/v1/admin/accounts/{(string?)account["id"]}", new { permissions = new { solder_full = true } }));
        var token = (await ExpectAsync(HttpStatusCode.Created, publisher.Client.PostAsJsonAsync("/api/token", new { name = "script" })))["token"]!["plaintext"]!;
        var script = HubClient.Create(hub.Gateway);
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string?)token);
        return (publisher, script);
    }

    /// <summary>The requests of Technic Launcher: the mirror, the list, the modpack, the recommended build with its zips, all with the launcher's cid, which the hub does not know.</summary>
    private async Task<IReadOnlyDictionary<string, string>> InstallAsTechnicAsync(string slug)
    {
        using var launcher = HubClient.Create(hub.Gateway);
        var cid = "?cid=" + Guid.NewGuid();
        var list = await JsonAsync(launcher, "/api/modpack");
        Assert.Equal(JsonValueKind.Object, list.GetProperty("modpacks").ValueKind);
        Assert.EndsWith("/", list.GetProperty("mirror_url").GetString(), StringComparison.Ordinal);
        var full = (await JsonAsync(launcher, "/api/modpack?include=full")).GetProperty("modpacks").GetProperty(slug);
        var pack = await JsonAsync(launcher, $"/api/modpack/{slug}{cid}");
        Assert.Equal(full.GetProperty("builds").GetRawText(), pack.GetProperty("builds").GetRawText());
        Assert.Equal((slug, JsonValueKind.String), (pack.GetProperty("name").GetString(), pack.GetProperty("display_name").ValueKind));
        if (pack.GetProperty("icon").ValueKind == JsonValueKind.String) await DownloadAsync(launcher, pack.GetProperty("icon").GetString()!, pack.GetProperty("icon_md5").GetString()!);
        var recommended = pack.GetProperty("recommended").GetString()!;
        Assert.Contains(pack.GetProperty("builds").EnumerateArray(), build => build.GetString() == recommended);
        return await InstallAsync(launcher, await JsonAsync(launcher, $"/api/modpack/{slug}/{recommended}{cid}"));
    }

    /// <summary>The requests of Prism Launcher and MultiMC.</summary>
    private async Task<IReadOnlyDictionary<string, string>> InstallAsPrismAsync(string slug, string version)
    {
        using var launcher = HubClient.Create(hub.OtherGateway);
        var pack = await JsonAsync(launcher, $"/api/modpack/{slug}");
        Assert.Equal((JsonValueKind.String, JsonValueKind.String), (pack.GetProperty("recommended").ValueKind, pack.GetProperty("latest").ValueKind)); // null makes its list of versions fail
        Assert.All(pack.GetProperty("builds").EnumerateArray(), build => Assert.Equal(JsonValueKind.String, build.ValueKind));
        return await InstallAsync(launcher, await JsonAsync(launcher, $"/api/modpack/{slug}/{version}"));
    }

    /// <summary>Every zip is checked and expanded over the instance.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> InstallAsync(HttpClient launcher, JsonElement build)
    {
        Assert.Equal(JsonValueKind.String, build.GetProperty("minecraft").ValueKind);
        var folder = Directory.CreateTempSubdirectory("packrelay-instance-");
        try
        {
            foreach (var mod in build.GetProperty("mods").EnumerateArray())
            {
                Assert.Equal((JsonValueKind.String, JsonValueKind.String), (mod.GetProperty("name").ValueKind, mod.GetProperty("version").ValueKind));
                using var zip = new MemoryStream(await DownloadAsync(launcher, mod.GetProperty("url").GetString()!, mod.GetProperty("md5").GetString()!));
                Assert.Equal(mod.GetProperty("filesize").GetInt64(), zip.Length);
                await ZipFile.ExtractToDirectoryAsync(zip, folder.FullName, overwriteFiles: true);
            }

            return folder.EnumerateFiles("*", SearchOption.AllDirectories).ToDictionary(
                file => Path.GetRelativePath(folder.FullName, file.FullName).Replace('\\', '/'), file => File.ReadAllText(file.FullName), StringComparer.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<byte[]> DownloadAsync(HttpClient launcher, string url, string md5)
    {
        var bytes = await launcher.GetByteArrayAsync(new Uri(url));
#pragma warning disable CA5351 // what launchers of this dialect check by
        Assert.Equal(md5, Convert.ToHexStringLower(MD5.HashData(bytes)));
#pragma warning restore CA5351
        return bytes;
    }

    private static byte[] Zip(string path, string content)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry(path).Open();
            entry.Write(Encoding.UTF8.GetBytes(content));
        }

        return memory.ToArray();
    }

    private static async Task<JsonElement> JsonAsync(HttpClient client, string path)
    {
        using var document = JsonDocument.Parse((await ExpectAsync(HttpStatusCode.OK, client.GetAsync(path))).ToJsonString());
        return document.RootElement.Clone();
    }

    private static async Task<string> BuildsAsync(HttpClient client, string slug) => (await ExpectAsync(HttpStatusCode.OK, client.GetAsync($"/api/modpack/{slug}")))["builds"]!.ToJsonString();

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }

    private static Task SoonAsync(Func<Task<bool>> condition, string what) => Wait.UntilAsync(condition, what + " within a second", Promise);
}
