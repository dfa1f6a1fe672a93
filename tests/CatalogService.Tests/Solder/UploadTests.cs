using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PackRelay.CatalogService.Files.Collection;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Solder;

public sealed class UploadTests(UploadTests.SmallUploads api) : IClassFixture<UploadTests.SmallUploads>
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    [Fact]
    public async Task Zip_ThatIsUploaded_IsServedUnderTheMirrorWithItsHashAndSize()
    {
        var user = SolderUser.Full(api);
        var mod = await user.CreateModAsync(null, "1.0+b 2");
        var zip = Zip("mods/a.jar", "content");
        var stored = await PutAsync(user.Client, $"/api/mod/{mod}/1.0+b%202/file", zip).JsonAsync();
        var md5 = SolderUser.Md5(zip);
        Assert.Equal((md5, zip.Length), (stored.GetProperty("md5").GetString(), stored.GetProperty("filesize").GetInt32()));
        var url = new Uri(stored.GetProperty("url").GetString()!);
        Assert.Equal($"/mirror/mods/{mod}/{mod}-1.0%2Bb%202.zip", url.AbsolutePath);

        using var whole = await api.Anonymous.GetAsync(url.PathAndQuery);
        Assert.Equal(zip, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal(("application/zip", "public, no-cache"), (whole.Content.Headers.ContentType?.MediaType, string.Join(", ", whole.Headers.GetValues("Cache-Control"))));
        using var part = new HttpRequestMessage(HttpMethod.Get, url.PathAndQuery) { Headers = { Range = new RangeHeaderValue(2, 5) } };
        using var answer = await api.Anonymous.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(zip[2..6], await answer.Content.ReadAsByteArrayAsync());

        var newer = Zip("mods/a.jar", "other content");
        await PutAsync(user.Client, $"/api/mod/{mod}/1.0+b%202/file", newer).JsonAsync();
        Assert.Equal(newer, await api.Anonymous.GetByteArrayAsync(url.PathAndQuery));
        await user.Client.PutAsync($"/api/mod/{mod}/1.0+b%202", new { md5 = "other" }).UnprocessableAsync("""{"md5":["The md5 field is prohibited: the zip was uploaded, and has another."]}""");
        await user.Client.PutAsync($"/api/mod/{mod}/1.0+b%202", new { md5 = SolderUser.Md5(newer).ToUpperInvariant(), filesize = 5 }).JsonAsync();
        Assert.Equal(newer.Length, (await user.ReadAsync($"mod/{mod}/1.0+b%202")).GetProperty("filesize").GetInt32());
    }

    [Fact]
    public async Task Zip_ThatNobodyUploaded_IsNotOnTheMirror()
    {
        var mod = await SolderUser.Full(api).CreateModAsync(null, "1.0");
        foreach (var path in new[] { $"mods/{mod}/{mod}-1.0.zip", $"mods/{mod}/{mod}-2.0.zip", $"mods/{mod}/other.zip", $"mods/{mod}/{mod}-.zip", "mods/none/none-1.zip", $"art/{new string('0', 64)}.png", "art/x.png" })
        {
            using var answer = await api.Anonymous.GetAsync("/mirror/" + path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Upload_OfAnotherKindOrSize_IsRefused()
    {
        var user = SolderUser.Full(api);
        var mod = await user.CreateModAsync(null, "1.0");
        var (slug, _) = await user.CreateModpackAsync();
        await PutAsync(user.Client, $"/api/mod/{mod}/1.0/file", "not a zip"u8.ToArray()).SaysAsync(HttpStatusCode.UnprocessableEntity, "The file field must be a file of type: zip.");
        await PutAsync(user.Client, $"/api/mod/{mod}/1.0/file", []).SaysAsync(HttpStatusCode.UnprocessableEntity, "The file field must be a file of type: zip.");
        await PutAsync(user.Client, $"/api/modpack/{slug}/art/logo", Zip("a", "b")).SaysAsync(HttpStatusCode.UnprocessableEntity, "The logo field must be a file of type: png.");
        await PutAsync(user.Client, $"/api/modpack/{slug}/art/poster", Png).UnprocessableAsync("""{"kind":["The selected kind is invalid."]}""");
        await PutAsync(user.Client, $"/api/mod/{mod}/1.0/file", new byte[2_000]).SaysAsync(HttpStatusCode.RequestEntityTooLarge, "the body is over the limit of 1500 bytes");
        await PutAsync(user.Client, $"/api/modpack/{slug}/art/icon", new byte[2_000]).SaysAsync(HttpStatusCode.RequestEntityTooLarge, "the body is over the limit of 1024 bytes");
        var bad = await PutAsync(user.Client, $"/api/mod/{mod}/1.0/file", Zip("a.bin", new string('0', 100_000))).JsonAsync(HttpStatusCode.UnprocessableEntity);
        Assert.StartsWith("The file was refused: ", bad.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("abc123", (await user.ReadAsync($"mod/{mod}/1.0")).GetProperty("md5").GetString());
        await PutAsync(user.Client, $"/api/mod/{mod}/never/file", Png).NotFoundAsync("Mod version not found.");
        await PutAsync(user.Client, "/api/mod/nobody-has-this/1/file", Png).NotFoundAsync("Mod not found.");
    }

    [Fact]
    public async Task Upload_BeyondThePlan_IsRefused()
    {
        var user = new SolderUser(api, api.NewPublisher(change: caller => caller with { Plan = "free", Solder = SolderGrants.None with { Flags = [SolderFlags.Full] } }));
        var mod = await user.CreateModAsync(null, "1.0");
        await PutAsync(user.Client, $"/api/mod/{mod}/1.0/file", Zip("a", RandomNumberGenerator.GetHexString(1_400))).SaysAsync(HttpStatusCode.PaymentRequired, "bytes of files");
    }

    [Theory]
    [InlineData(false, 1_500)]
    [InlineData(true, 1_024)]
    public async Task Upload_InChunks_IsHeldToTheLimitAndThePlan(bool isArt, int limit)
    {
        var user = SolderUser.Full(api);
        var mod = await user.CreateModAsync(null, "1.0");
        var (slug, _) = await user.CreateModpackAsync();
        var path = isArt ? $"/api/modpack/{slug}/art/icon" : $"/api/mod/{mod}/1.0/file";
        var poor = user.Publisher.ClientWith(caller => caller with { Plan = "free" });
        await SendAsync(user.Client, Content(limit + 1)).SaysAsync(HttpStatusCode.RequestEntityTooLarge, $"the body is over the limit of {limit} bytes");
        await SendAsync(poor, Content(900)).SaysAsync(HttpStatusCode.PaymentRequired, "bytes of files");
        Assert.Equal((0, "abc123", 0), (
            await api.ScalarAsync<long>("SELECT count(*) FROM files WHERE uploader_id = $1", user.Publisher.Caller.AccountId), (await user.ReadAsync($"mod/{mod}/1.0")).GetProperty("md5").GetString(),
            await api.ScalarAsync<long>("SELECT count(*) FROM solder_pack_art a JOIN packs p ON p.id = a.pack_id WHERE p.slug = $1", slug)));
        await SendAsync(user.Client, Content(900)).JsonAsync();

        byte[] Content(int sizeBytes)
        {
            if (isArt) return [.. Png, .. RandomNumberGenerator.GetBytes(sizeBytes - Png.Length)];
            var (name, fill) = ("a", sizeBytes);
            while (true)
            {
                var zip = Zip(name, RandomNumberGenerator.GetHexString(fill));
                if (zip.Length == sizeBytes) return zip;
                fill += Math.Clamp(sizeBytes - zip.Length, -50, 50);
            }
        }

        Task<HttpResponseMessage> SendAsync(HttpClient client, byte[] content)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new ByteArrayContent(content) };
            request.Headers.TransferEncodingChunked = true;
            return client.SendAsync(request);
        }
    }

    [Fact]
    public async Task Art_ThatIsUploaded_IsServedAndShown_UntilItIsTakenAway()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        byte[] png = [.. Png, .. Guid.NewGuid().ToByteArray()];
        var md5 = SolderUser.Md5(png);
        foreach (var kind in new[] { "icon", "logo", "background" })
        {
            var record = await PutAsync(user.Client, $"/api/modpack/{slug}/art/{kind}", png).JsonAsync();
            Assert.Equal((true, md5), (record.GetProperty(kind).GetBoolean(), record.GetProperty($"{kind}_md5").GetString()));
            var page = await user.ReadAsync($"modpack/{slug}");
            Assert.Equal((record.GetProperty($"{kind}_url").GetString(), md5), (page.GetProperty(kind).GetString(), page.GetProperty($"{kind}_md5").GetString()));
            using var picture = await api.Anonymous.GetAsync(new Uri(page.GetProperty(kind).GetString()!).PathAndQuery);
            Assert.Equal(png, await picture.Content.ReadAsByteArrayAsync());
            Assert.Equal("image/png", picture.Content.Headers.ContentType?.MediaType);
        }

        var clone = await user.Client.PostAsync($"/api/modpack/{slug}/clone", new { name = "Clone " + slug, slug = slug + "-2" }).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(md5, clone.GetProperty("icon_md5").GetString());
        for (var time = 0; time < 2; time++)
            Assert.Equal(JsonValueKind.Null, (await user.Client.DeleteAsync($"/api/modpack/{slug}/art/logo").JsonAsync()).GetProperty("logo_url").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await user.ReadAsync($"modpack/{slug}")).GetProperty("logo").ValueKind);
    }

    [Fact]
    public async Task Files_OfTheDialect_AreKeptAsLongAsTheyAreNeeded()
    {
        var user = SolderUser.Full(api);
        var mod = await user.CreateModAsync(null, "1.0");
        var (slug, _) = await user.CreateModpackAsync();
        var (zip, png) = (Zip("a", Guid.NewGuid().ToString()), (byte[])[.. Png, .. Guid.NewGuid().ToByteArray()]);
        await PutAsync(user.Client, $"/api/mod/{mod}/1.0/file", zip).JsonAsync();
        await PutAsync(user.Client, $"/api/modpack/{slug}/art/icon", png).JsonAsync();
        await CollectAsync();
        Assert.Equal(2, await CountAsync());
        await user.Client.DeleteAsync($"/api/mod/{mod}").SucceedsAsync(HttpStatusCode.OK);
        await user.Client.DeleteAsync($"/api/modpack/{slug}").SucceedsAsync(HttpStatusCode.OK);
        await CollectAsync();
        Assert.Equal(0, await CountAsync());

        Task<long> CountAsync() => api.ScalarAsync<long>("SELECT count(*) FROM files WHERE sha256 = ANY ($1)", (object)new[] { SHA256.HashData(zip), SHA256.HashData(png) });

        async Task CollectAsync()
        {
            await api.ExecuteAsync("UPDATE files SET idle_since = idle_since - interval '1 year' WHERE sha256 = ANY ($1)", (object)new[] { SHA256.HashData(zip), SHA256.HashData(png) });
            await api.Services.GetRequiredService<FileCollector>().RunAsync(CancellationToken.None);
        }
    }

    private static byte[] Zip(string name, string content)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(Encoding.UTF8.GetBytes(content));
        }

        return memory.ToArray();
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string path, byte[] content) =>
        client.PutAsync(path, new ByteArrayContent(content) { Headers = { ContentType = new("application/octet-stream") } });

    /// <summary>With small limits.</summary>
    public sealed class SmallUploads : CatalogApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Solder:MaxModBytes"] = "1500";
            settings["Solder:MaxArtBytes"] = "1024";
            settings["Plans:Free:StorageBytes"] = "500";
            settings["Catalog:Scan:RatioFloorBytes"] = "1000";
        }
    }
}

internal static class UploadAnswers
{
    /// <summary>Asserts an error that the hub words itself.</summary>
    public static async Task SaysAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status, string text)
    {
        var error = await sending.JsonAsync(status);
        Assert.Contains(text, error.GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}
