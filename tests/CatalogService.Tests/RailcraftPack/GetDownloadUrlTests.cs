using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PackRelay.CatalogService.RailcraftPack.Archives;
using PackRelay.CatalogService.Tests.RailcraftPack.Archives;

namespace PackRelay.CatalogService.Tests.RailcraftPack;

public sealed class GetDownloadUrlTests(RailcraftApi api) : IClassFixture<RailcraftApi>
{
    private static readonly PackFile Alpha = new("mods/alpha.txt", "alpha 1");
    private static readonly PackFile Beta = new("mods/Beta/beta.txt", "beta 1");
    private static readonly PackFile BetaData = new("mods/Beta/data/more.txt", "more");
    private static readonly PackFile Map = new("mods/map.txt", "map 1", Optional: true);
    private static readonly PackFile Shaders = new("mods/shaders.txt", "shaders", Optional: true, Group: "Shaders");
    private static readonly PackFile ShaderPack = new("resourcepacks/shaders.txt", "textures", Optional: true, Group: "Shaders");
    private static readonly PackFile Textures = new("resourcepacks/hd.txt", "hd");
    private static readonly PackFile Config = new("config/client.txt", "client", Side: "client");
    private static readonly PackFile Secret = new("config/server.txt", "server", Side: "server");

    private static readonly PackFile[] Everything = [Alpha, Beta, BetaData, Map, Shaders, ShaderPack, Textures, Config, Secret];

    [Fact]
    public async Task Url_OfAWholePack_HasWhatThePageDocumentsInItsTypes()
    {
        var pack = await api.NewPackAsync(Everything);
        var (answer, zip) = await api.NewClient().DownloadAsync(("pack", pack.Slug));

        Assert.Equal(["result", "msg", "id", "filename", "is_patch", "size_raw", "size", "mod_count", "mod_count_opt", "res_count"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(JsonValueKind.Number, answer.GetProperty("id").ValueKind);
        Assert.Equal($"{pack.Slug}-1.00.zip", answer.GetProperty("filename").GetString());
        Assert.False(answer.GetProperty("is_patch").GetBoolean());
        Assert.Equal(zip.Length, answer.GetProperty("size_raw").GetInt64());
        Assert.Equal(SizeText.Of(zip.Length), answer.GetProperty("size").GetString());
        Assert.Equal((2, 0, 1), Counts(answer));
        Unpacked.Of(zip).AssertIs(Alpha, Beta, BetaData, Textures, Config);
    }

    [Theory]
    [InlineData("opt_mods[]=map.txt&opt_mods[]=Shaders&opt_mods[]=other")]
    [InlineData("opt_mods[1]=map.txt&opt_mods[0]=Shaders&opt_mods[x]=other")]
    [InlineData("opt_mods=map.txt&opt_mods=Shaders&opt_mods=other")]
    [InlineData("opt_mods=map.txt,Shaders, other,,Shaders")]
    [InlineData("opt_mods=[\"map.txt\",\"Shaders\",\"other\"]")]
    [InlineData("opt_mods%5B%5D=map.txt&opt_mods%5B%5D=Shaders&opt_mods=other")]
    public async Task Url_WithOptionalModsInAnyForm_BringsThemAndNamesUnknownOnes(string form)
    {
        var pack = await api.NewPackAsync(Everything);
        var client = api.NewClient();
        var fields = string.Join('&', client.Fields.Select(field => $"{field.Key}={field.Value}"));
        using var body = new StringContent($"{fields}&pack={pack.Slug}&{form}", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using var asked = await api.Plain.PostAsync("/api/get_download_url/", body);
        await AssertAllChosenAsync(client, pack, await asked.EnvelopeAsync(0));
    }

    [Theory]
    [InlineData("""["map.txt","Shaders","other"]""")]
    [InlineData("\"map.txt,Shaders,other\"")]
    [InlineData("""{"0":"map.txt","1":"Shaders","2":"other"}""")]
    [InlineData("""["map.txt","Shaders","other",null,{"a":1},[]]""")]
    public async Task Url_AskedInJson_TakesTheSame(string list)
    {
        var pack = await api.NewPackAsync(Everything);
        var client = api.NewClient();
        var json = JsonSerializer.SerializeToNode(client.Fields)!.AsObject();
        json["pack"] = pack.Slug;
        json["opt_mods"] = System.Text.Json.Nodes.JsonNode.Parse(list);
        using var asked = await api.Plain.PostAsync("/api/v1/get_download_url", JsonContent.Create(json));
        await AssertAllChosenAsync(client, pack, await asked.EnvelopeAsync(0));
    }

    [Fact]
    public async Task Url_AskedByMultipartOrQuery_TakesTheSame()
    {
        var pack = await api.NewPackAsync(Everything);
        var client = api.NewClient();
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in client.Fields.Append(new("pack", pack.Slug)).Append(new("opt_mods[]", "map.txt")).Append(new("opt_mods[]", "Shaders")).Append(new("opt_mods[]", "other")))
            form.Add(new StringContent(value), name);
        using var byForm = await api.Plain.PostAsync("/api/get_download_url/", form);
        await AssertAllChosenAsync(client, pack, await byForm.EnvelopeAsync(0));
        var query = string.Join('&', client.Fields.Select(field => $"{field.Key}={field.Value}"));
        using var byQuery = await api.Plain.PostAsync($"/api/get_download_url/?{query}&pack={pack.Slug}&opt_mods[]=map.txt&opt_mods[]=Shaders&opt_mods[]=other", content: null);
        await AssertAllChosenAsync(client, pack, await byQuery.EnvelopeAsync(0));
    }

    [Theory]
    [InlineData("1.00")]
    [InlineData("1")]
    [InlineData("1.0.0")]
    public async Task Patch_FromATagOrAVersion_TurnsTheOldInstallationIntoTheNewOne(string from)
    {
        var pack = await api.NewPackAsync(Everything);
        var client = api.NewClient();
        var installed = Unpacked.Of((await client.DownloadAsync(("pack", pack.Slug), ("opt_mods[]", "map.txt"))).Zip);
        installed.AssertIs(Alpha, Beta, BetaData, Map, Textures, Config);

        // Changed, gone, new, from one side to another, from required to optional and back; what was chosen is dropped for something else.
        PackFile[] next =
        [
            Alpha with { Text = "alpha 2" }, BetaData, new("mods/gamma.txt", "gamma"), Map with { Text = "map 2" }, Shaders, ShaderPack, Textures with { Optional = true }, Config with { Side = "server" },
            Secret with { Side = null },
        ];
        await pack.PublishAsync("2.0.0", next);
        var (answer, zip) = await client.DownloadAsync(("pack", pack.Slug), ("patch_from", from), ("opt_mods[]", "Shaders"));

        Assert.True(answer.GetProperty("is_patch").GetBoolean());
        Assert.Equal($"{pack.Slug}-2.00-from-1.00-opt.zip", answer.GetProperty("filename").GetString());
        Assert.Equal((3, 1, 1), Counts(answer));
        var content = Unpacked.Read(zip);
        Assert.Equal(["_packrelay-deleted.txt", "config/server.txt", "mods/alpha.txt", "mods/gamma.txt", "mods/shaders.txt", "resourcepacks/shaders.txt"], content.Keys); // in this order
        Assert.Equal("config/client.txt\nmods/Beta/beta.txt\nmods/map.txt\nresourcepacks/hd.txt\n", content["_packrelay-deleted.txt"]);
        installed.Add(zip).AssertIs(next[0], next[1], next[2], next[4], next[5], next[8]);
    }

    [Fact]
    public async Task Patch_FromTheSameVersion_OrAfterChangesOfServersAlone_IsEmpty()
    {
        var pack = await api.NewPackAsync(Everything);
        await pack.PublishAsync("1.0.1", [.. Everything.Where(file => file != Secret)]);
        var client = api.NewClient();
        foreach (var from in new[] { "1.00", "1.01" })
        {
            var (answer, zip) = await client.DownloadAsync(("pack", pack.Slug), ("patch_from", from));
            Assert.Equal($"{pack.Slug}-1.01-from-{from}.zip", answer.GetProperty("filename").GetString());
            Assert.Equal("", Unpacked.Read(zip)["_packrelay-deleted.txt"].Replace("mods/map.txt\nmods/shaders.txt\nresourcepacks/shaders.txt\n", "", StringComparison.Ordinal));
            Assert.Single(Unpacked.Read(zip));
        }
    }

    [Theory]
    [InlineData("9.00")]
    [InlineData("9.9.9")]
    [InlineData("latest")]
    [InlineData("1.001")]
    public async Task Patch_FromAnUnknownTag_IsTheWholePack(string from)
    {
        var pack = await api.NewPackAsync(Everything);
        var (answer, zip) = await api.NewClient().DownloadAsync(("pack", pack.Slug), ("patch_from", from));
        Assert.False(answer.GetProperty("is_patch").GetBoolean());
        Assert.Equal($"{pack.Slug}-1.00.zip", answer.GetProperty("filename").GetString());
        Unpacked.Of(zip).AssertIs(Alpha, Beta, BetaData, Textures, Config);
    }

    [Fact]
    public async Task Patch_FromAWithdrawnVersion_Works()
    {
        var pack = await api.NewPackAsync(Alpha);
        await pack.PublishAsync("2.0.0", Beta);
        await pack.WithdrawAsync("2.0.0"); // nobody asked before: it has no tag yet
        await pack.PublishAsync("3.0.0", BetaData);
        var client = api.NewClient();
        foreach (var from in new[] { "2.0.0", "2.00" })
        {
            var (answer, zip) = await client.DownloadAsync(("pack", pack.Slug), ("patch_from", from));
            Assert.Equal($"{pack.Slug}-3.00-from-2.00.zip", answer.GetProperty("filename").GetString());
            Assert.Equal("mods/Beta/beta.txt\n", Unpacked.Read(zip)["_packrelay-deleted.txt"]);
        }
    }

    [Fact]
    public async Task Url_AskedByManyAtOnce_IsMadeOnceAndIsTheSameBytesAgainLater()
    {
        var pack = await api.NewPackAsync(Everything);
        var downloads = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            api.NewClient().DownloadAsync(("pack", pack.Slug), ("opt_mods[]", number % 2 == 0 ? "map.txt" : "Shaders"), ("opt_mods[]", number % 2 == 0 ? "Shaders" : "map.txt"))));
        Assert.Single(downloads.Select(download => download.Answer.GetProperty("id").GetInt64()).Distinct());
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM railcraft_archives a JOIN packs p ON p.id = a.pack_id WHERE p.slug = $1", pack.Slug));
        Assert.Single(downloads.Select(download => Publisher.Sha256(download.Zip)).Distinct());

        var id = downloads[0].Answer.GetProperty("id").GetInt64();
        await api.ExecuteAsync("UPDATE railcraft_archives SET built_at = NULL, sha256 = NULL, size_bytes = NULL WHERE id = $1", id);
        var again = await api.NewClient().DownloadAsync(("pack", pack.Slug), ("opt_mods", "Shaders,map.txt"));
        Assert.Equal((id, Publisher.Sha256(downloads[0].Zip)), (again.Answer.GetProperty("id").GetInt64(), Publisher.Sha256(again.Zip)));
    }

    [Fact]
    public async Task Url_WhoseFilesAreGone_IsAnInternalError_AndWorksOnceTheyAreBack()
    {
        var pack = await api.NewPackAsync(Alpha with { Text = "rare" });
        var sha256 = Publisher.Sha256(System.Text.Encoding.UTF8.GetBytes("rare"));
        var path = Directory.EnumerateFiles(api.BlobFolder, sha256, SearchOption.AllDirectories).Single();
        File.Move(path, path + ".away");
        var client = api.NewClient();
        using (var failed = await client.PostAsync("get_download_url", ("pack", pack.Slug))) await failed.EnvelopeAsync(8);
        File.Move(path + ".away", path);
        await client.DownloadAsync(("pack", pack.Slug)); // at once, whatever pause there would be
    }

    [Fact]
    public async Task Url_OfAnOwnerWithoutDownloadsLeft_IsAnInternalError()
    {
        var pack = await api.NewPackAsync(Alpha);
        await api.ExecuteAsync("INSERT INTO egress (account_id, month, bytes) VALUES ($1, date_trunc('month', now() AT TIME ZONE 'UTC')::date, $2)", pack.Owner.Caller.AccountId, long.MaxValue / 2);
        using var refused = await api.NewClient().PostAsync("get_download_url", ("pack", pack.Slug));
        await refused.EnvelopeAsync(8);
    }

    private static async Task AssertAllChosenAsync(RailcraftClient client, MinecraftPack pack, JsonElement answer)
    {
        Assert.Equal($"{pack.Slug}-1.00-opt.zip", answer.GetProperty("filename").GetString());
        Assert.Equal("""["other"]""", answer.GetProperty("ignored_opt_mods").GetRawText());
        Assert.Equal((2, 2, 2), Counts(answer));
        using var file = await client.PostAsync("get_file", ("id", answer.GetProperty("id").GetRawText()));
        Unpacked.Of(await file.Content.ReadAsByteArrayAsync()).AssertIs(Alpha, Beta, BetaData, Textures, Config, Map, Shaders, ShaderPack);
    }

    private static (int Mods, int Optional, int Resources) Counts(JsonElement answer) =>
        (answer.GetProperty("mod_count").GetInt32(), answer.GetProperty("mod_count_opt").GetInt32(), answer.GetProperty("res_count").GetInt32());
}

/// <summary>A hub that makes archives only when the test says so, and lets a client ask for three of them.</summary>
public sealed class SlowArchiveTests(SlowArchiveTests.WithoutBuilders api) : IClassFixture<SlowArchiveTests.WithoutBuilders>
{
    private static readonly PackFile[] Files = [new("mods/alpha.txt", "alpha"), new("mods/map.txt", "map", Optional: true), new("mods/extra.txt", "extra", Optional: true)];

    [Fact]
    public async Task Url_ThatIsNotReadyInTime_IsAnInternalError_AndIsThereForWhoAsksAgain()
    {
        await api.ForgetOthersAsync();
        var pack = await api.NewPackAsync(Files);
        var client = api.NewClient();
        using (var early = await client.PostAsync("get_download_url", ("pack", pack.Slug))) await early.EnvelopeAsync(8);
        await WithoutBuilders.BuildAsync(api.Services);
        await client.CallAsync("get_download_url", ("pack", pack.Slug));
    }

    [Fact]
    public async Task Build_ByTwoReplicasAtOnce_IsDoneOnceAndEitherGivesTheSameBytes()
    {
        await api.ForgetOthersAsync();
        var pack = await api.NewPackAsync(Files);
        using (var early = await api.NewClient().PostAsync("get_download_url", ("pack", pack.Slug))) await early.EnvelopeAsync(8);
        var second = new SecondReplica(api, WithoutBuilders.Remove);
        await second.InitializeAsync();
        try
        {
            var built = await Task.WhenAll(WithoutBuilders.BuildAsync(api.Services), WithoutBuilders.BuildAsync(second.Services), WithoutBuilders.BuildAsync(api.Services), WithoutBuilders.BuildAsync(second.Services));
            Assert.Single(built, wasBuilt => wasBuilt);
            var sha256 = await api.ScalarAsync<string>("SELECT sha256 FROM railcraft_archives a JOIN packs p ON p.id = a.pack_id WHERE p.slug = $1", pack.Slug);
            await api.ExecuteAsync("UPDATE railcraft_archives SET built_at = NULL, sha256 = NULL, size_bytes = NULL WHERE sha256 = $1", sha256);
            Assert.True(await WithoutBuilders.BuildAsync(second.Services));
            Assert.Equal(sha256, await api.ScalarAsync<string>("SELECT sha256 FROM railcraft_archives a JOIN packs p ON p.id = a.pack_id WHERE p.slug = $1", pack.Slug));
        }
        finally
        {
            await second.DisposeAsync();
        }
    }

    [Fact]
    public async Task Url_OfMoreDifferentArchivesThanAnHourAllows_SaysWhenToComeBack()
    {
        var pack = await api.NewPackAsync(Files);
        var client = api.NewClient();
        string[] choices = ["", "map.txt", "extra.txt", "map.txt"]; // the last for the second time
        foreach (var choice in choices)
        {
            using var asked = await client.PostAsync("get_download_url", ("pack", pack.Slug), ("opt_mods", choice));
            await asked.EnvelopeAsync(8); // entered, though nobody makes it
        }

        using (var refused = await client.PostAsync("get_download_url", ("pack", pack.Slug), ("opt_mods", "map.txt,extra.txt")))
        {
            Assert.Equal(System.Net.HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal("300", Assert.Single(refused.Headers.GetValues("Retry-After")));
            Assert.Equal("""{"result":8,"msg":"Error during internal request","error":"Error during internal request"}""", await refused.Content.ReadAsStringAsync());
        }

        api.Time.Advance(TimeSpan.FromHours(1));
        using var later = await client.PostAsync("get_download_url", ("pack", pack.Slug), ("opt_mods", "map.txt,extra.txt"));
        await later.EnvelopeAsync(8);
    }

    public sealed class WithoutBuilders : RailcraftApi
    {
        public static void Remove(IServiceCollection services) =>
            services.Remove(services.Single(service => service.ImplementationType == typeof(ArchiveWorker)));

        /// <summary>Archives that other tests left unmade are not due any more.</summary>
        public Task ForgetOthersAsync() => ExecuteAsync("UPDATE railcraft_archives SET due_at = 'infinity' WHERE built_at IS NULL");

        public static async Task<bool> BuildAsync(IServiceProvider services)
        {
            await using var session = await services.GetRequiredService<Npgsql.NpgsqlDataSource>().OpenConnectionAsync();
            return await services.GetRequiredService<ArchivePass>().RunAsync(session, CancellationToken.None);
        }

        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["RailcraftPack:BuildWait"] = "00:00:00.050";
            settings["RailcraftPack:ArchivesPerHour"] = "3";
        }

        protected override void ReplaceServices(IServiceCollection services)
        {
            base.ReplaceServices(services);
            Remove(services);
        }
    }
}
