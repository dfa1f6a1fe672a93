using System.Net;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Tests.Solder;

/// <summary>What becomes of a request when somebody else changes what it is about between its first look and its lock.</summary>
public sealed class RaceTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private const string InsertVersionSql = """
        WITH pack AS (SELECT id FROM packs WHERE slug = $1 FOR UPDATE)
        INSERT INTO pack_versions (id, pack_id, version, manifest, manifest_sha256, key_id, published_at, accepted_at, file_count, total_size_bytes)
        SELECT gen_random_uuid(), id, '1.0.0', '', '', '', '', now(), 0, 0 FROM pack
        """;

    private const string HoldSql = """
        INSERT INTO held_versions (pack_id, version, status, publisher_id, publisher_name, credential, credential_id, manifest, manifest_sha256, key_id, published_at, file_count, total_size_bytes, submitted_at, claimed_until)
        SELECT id, '1.0.0', 'scanning', owner_id, 'u', 'Token', id, '', '', '', '', 0, 0, now(), 'infinity' FROM packs WHERE slug = $1
        """;

    private const string DeleteModSql = "DELETE FROM solder_mods WHERE name = $1";

    [Fact]
    public async Task EditModpack_WhileItIsMadePrivateNatively_LeavesItPrivate()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        var edited = await DuringAsync("UPDATE packs SET visibility = 'private', name = name || ' 2' WHERE slug = $1", slug, () => user.Client.PutAsync($"/api/modpack/{slug}", new { latest = "1.1" })).JsonAsync();
        Assert.Equal((true, $"Pack {slug} 2", "1.1"), (edited.GetProperty("private").GetBoolean(), edited.GetProperty("name").GetString(), edited.GetProperty("latest").GetString()));
        Assert.Equal("private", await api.ScalarAsync<string>("SELECT visibility FROM packs WHERE slug = $1", slug));
    }

    [Fact]
    public async Task EditModpack_WhileAnotherMarkIsSet_KeepsBoth()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        const string sql = "WITH pack AS (SELECT id FROM packs WHERE slug = $1 FOR UPDATE) UPDATE solder_packs SET recommended = '1.0', sort_order = 7 FROM pack WHERE pack_id = pack.id";
        var edited = await DuringAsync(sql, slug, () => user.Client.PutAsync($"/api/modpack/{slug}", new { latest = "1.1" })).JsonAsync();
        Assert.Equal(("1.0", "1.1", 7), (edited.GetProperty("recommended").GetString(), edited.GetProperty("latest").GetString(), edited.GetProperty("order").GetInt32()));
    }

    [Fact]
    public async Task EditBuild_WhileItIsMadePrivate_LeavesItPrivate()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1");
        const string sql = "WITH pack AS (SELECT id FROM packs WHERE slug = $1 FOR UPDATE) UPDATE solder_builds SET is_private = true, version = '1b' FROM pack WHERE pack_id = pack.id";
        var edited = await DuringAsync(sql, slug, () => user.Client.PutAsync($"/api/modpack/{slug}/1", new { forge = "47.1" })).JsonAsync();
        Assert.Equal((true, "1b", "47.1"), (edited.GetProperty("private").GetBoolean(), edited.GetProperty("version").GetString(), edited.GetProperty("forge").GetString()));
    }

    [Fact]
    public async Task EditMod_WhileItsNotesAreWritten_KeepsThem()
    {
        var user = SolderUser.Full(api);
        var mod = await user.CreateModAsync();
        var edited = await DuringAsync("UPDATE solder_mods SET notes = 'from elsewhere' WHERE name = $1", mod, () => user.Client.PutAsync($"/api/mod/{mod}", new { author = "Somebody" })).JsonAsync();
        Assert.Equal(("from elsewhere", "Somebody"), (edited.GetProperty("notes").GetString(), edited.GetProperty("author").GetString()));
    }

    [Fact]
    public async Task Publish_WhileABuildOfTheVersionIsMade_IsADuplicate()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var manifest = publisher.Sign(publisher.Draft(slug, "1.0.0", await publisher.UploadAsync()));
        const string sql = """
            WITH pack AS (SELECT id FROM packs WHERE slug = $1 FOR UPDATE)
            INSERT INTO solder_builds (pack_id, version, minecraft, is_published, is_private, created_at, updated_at) SELECT id, '1.0.0', '1', true, false, now(), now() FROM pack
            """;
        await DuringAsync(sql, slug, () => publisher.SendAsync(slug, manifest)).FailsAsync(HttpStatusCode.Conflict, "duplicate_version");
        Assert.Equal(["1.0.0"], (await api.Anonymous.GetAsync($"/api/modpack/{slug}").JsonAsync()).GetProperty("builds").Texts());
    }

    [Fact]
    public async Task Publish_WhileThePackIsRenamed_FindsNone()
    {
        var publisher = api.NewPublisher();
        var slug = await publisher.PublishPackAsync();
        var manifest = publisher.Sign(publisher.Draft(slug, "1.0.0", await publisher.UploadAsync()));
        await DuringAsync("UPDATE packs SET slug = slug || '-2' WHERE slug = $1", slug, () => publisher.SendAsync(slug, manifest)).FailsAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM pack_versions v JOIN packs p ON p.id = v.pack_id WHERE p.slug = $1", slug + "-2"));
    }

    [Fact]
    public async Task Rename_WhileAVersionIsPublished_IsRefused()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await DuringAsync(InsertVersionSql, slug, () => user.Client.PutAsync($"/api/modpack/{slug}", new { slug = slug + "-2" }))
            .UnprocessableAsync("""{"slug":["The slug field is prohibited: signed versions carry it."]}""");
        await user.ReadAsync($"modpack/{slug}");
    }

    [Fact]
    public async Task Build_OfAVersionThatIsPublishedMeanwhile_IsRefused()
    {
        var user = SolderUser.Full(api);
        foreach (var isNew in new[] { true, false })
        {
            var (slug, _) = await user.CreateModpackAsync();
            await user.CreateBuildAsync(slug, "1");
            await DuringAsync(
                InsertVersionSql, slug,
                () => isNew ? user.Client.PostAsync($"/api/modpack/{slug}/build", new { version = "1.0.0", minecraft = "1" }) : user.Client.PutAsync($"/api/modpack/{slug}/1", new { version = "1.0.0" }))
                .UnprocessableAsync("\"Build version already exists for this modpack.\"");
        }
    }

    [Fact]
    public async Task Build_OfAVersionThatIsBeingScanned_IsRefused()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1");
        await api.ExecuteAsync(HoldSql, slug);
        foreach (var sending in new[]
        {
            user.Client.PostAsync($"/api/modpack/{slug}/build", new { version = "1.0.0", minecraft = "1" }), user.Client.PutAsync($"/api/modpack/{slug}/1", new { version = "1.0.0" }),
        })
            await sending.UnprocessableAsync("\"Build version already exists for this modpack.\"");
        await user.Client.PutAsync($"/api/modpack/{slug}/1", new { version = "1.0.1" }).JsonAsync();
    }

    [Fact]
    public async Task CreateModVersion_WhileTheModIsDeleted_FindsNone()
    {
        var user = SolderUser.Full(api);
        var mod = await user.CreateModAsync();
        await DuringAsync(DeleteModSql, mod, () => user.Client.PostAsync($"/api/mod/{mod}/version", new { version = "1.0", md5 = "abc" })).NotFoundAsync("Mod not found.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Copy_WhileAModIsDeleted_HasTheOthers(bool ofAWholeModpack)
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1");
        var (kept, gone) = (await user.CreateModAsync(null, "1.0"), await user.CreateModAsync(null, "1.0"));
        foreach (var mod in new[] { kept, gone }) await user.AddModAsync(slug, "1", mod, "1.0");
        var copy = ofAWholeModpack ? SolderUser.NewName("pack") : slug;
        await DuringAsync(
            DeleteModSql, gone,
            () => ofAWholeModpack
                ? user.Client.PostAsync($"/api/modpack/{slug}/clone", new { name = copy, slug = copy })
                : user.Client.PostAsync($"/api/modpack/{slug}/build", new { version = "2", minecraft = "1", is_published = true, clone_from = "1" })).JsonAsync(HttpStatusCode.Created);
        var mods = (await user.ReadAsync($"modpack/{copy}/{(ofAWholeModpack ? "1" : "2")}")).GetProperty("mods");
        Assert.Equal([kept], mods.EnumerateArray().Select(mod => mod.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task CreateBuild_WhileTheOneWhoseModsItGetsIsDeleted_MakesNone()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        await user.CreateBuildAsync(slug, "1");
        await DuringAsync(
            "DELETE FROM solder_builds b USING packs p WHERE p.id = b.pack_id AND p.slug = $1", slug,
            () => user.Client.PostAsync($"/api/modpack/{slug}/build", new { version = "2", minecraft = "1", clone_from = "1" })).NotFoundAsync("Clone source build not found.");
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM solder_builds b JOIN packs p ON p.id = b.pack_id WHERE p.slug = $1", slug));
    }

    [Fact]
    public async Task CloneModpack_WhileItIsMadePrivate_IsPrivate()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        var copy = SolderUser.NewName("pack");
        await DuringAsync(
            "UPDATE packs SET visibility = 'private' WHERE slug = $1", slug, () => user.Client.PostAsync($"/api/modpack/{slug}/clone", new { name = copy, slug = copy })).JsonAsync(HttpStatusCode.Created);
        Assert.Equal("private", await api.ScalarAsync<string>("SELECT visibility FROM packs WHERE slug = $1", copy));
    }

    [Fact]
    public async Task CloneModpack_WhileItIsDeleted_MakesNone()
    {
        var user = SolderUser.Full(api);
        var (slug, _) = await user.CreateModpackAsync();
        var copy = SolderUser.NewName("pack");
        await DuringAsync("UPDATE packs SET visibility = 'deleted' WHERE slug = $1", slug, () => user.Client.PostAsync($"/api/modpack/{slug}/clone", new { name = copy, slug = copy }))
            .NotFoundAsync("Modpack not found.");
        Assert.False(await api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM packs WHERE slug = $1)", copy));
    }

    [Fact]
    public async Task Names_OfModpacks_NeedNeitherBuildsNorPictures()
    {
        var user = SolderUser.Full(api);
        var (slug, number) = await user.CreateModpackAsync();
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("LOCK TABLE solder_builds, solder_packs, solder_pack_art, pack_versions IN ACCESS EXCLUSIVE MODE", CancellationToken.None);
        foreach (var reader in new[] { api.Anonymous, SolderUser.Launcher(api, number), SolderUser.Key(api) })
            Assert.Equal("Pack " + slug, (await reader.GetAsync("/api/modpack").JsonAsync().WaitAsync(TimeSpan.FromSeconds(20))).GetProperty("modpacks").GetProperty(slug).GetString());
    }

    /// <summary>Sends a request while a change, of what the parameter names, is made but not yet true; it becomes true once the request waits for it.</summary>
    private async Task<HttpResponseMessage> DuringAsync(string sql, string name, Func<Task<HttpResponseMessage>> send)
    {
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        Assert.Equal(1, await connection.ExecuteAsync(sql, CancellationToken.None, name));
        var sending = send();
        await api.WaitUntilAsync(
            () => api.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND $1 = ANY (pg_blocking_pids(pid)))", connection.ProcessID),
            TimeSpan.FromSeconds(20), "the request waits for the lock");
        await transaction.CommitAsync();
        return await sending;
    }
}
