namespace PackRelay.CatalogService.Tests;

/// <summary>Who reads and changes what is in packs, and who brings files: each route, each kind of caller. The columns are those of <see cref="CallerKinds"/>.</summary>
public sealed class ContentAuthorisationTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Theory]
    [InlineData("GET", "packs/{0}", "200 200 200 200 200 200 200 200 200")]
    [InlineData("GET", "packs/{0}/versions", "200 200 200 200 200 200 200 200 200")]
    [InlineData("GET", "packs/{0}/versions/1.0.0", "200 200 200 200 200 200 200 200 200")]
    [InlineData("GET", "packs/{0}/manifest", "200 200 200 200 200 200 200 200 200")]
    [InlineData("GET", "packs/{0}/manifest/1.0.0", "200 200 200 200 200 200 200 200 200")]
    [InlineData("GET", "packs/{0}/diff?from=1.0.0&to=2.0.0", "200 200 200 200 200 200 200 200 200")]
    [InlineData("GET", "packs/{0}/download", "302 302 302 302 302 302 302 302 302")]
    [InlineData("GET", "packs/{0}/download?version=1.0.0", "302 302 302 302 302 302 302 302 302")]
    [InlineData("GET", "servers/{1}/manifest", "200 200 200 200 200 200 200 200 200")]
    [InlineData("PATCH", "packs/{0}/versions/1.0.0", "401 403 403 200 200 200 200 403 403")]
    [InlineData("POST", "packs/{0}/versions/1.0.0/withdraw", "401 403 403 403 204 204 204 403 403")]
    [InlineData("DELETE", "packs/{0}/versions/1.0.0/withdraw", "401 403 403 403 204 204 204 403 403")]
    [InlineData("POST", "packs/{0}/favorite", "401 200 200 200 200 200 200 403 403")]
    public async Task Pack_EachRoute_AdmitsWhomItShould(string method, string path, string statuses)
    {
        await AssertAsync(method, path, statuses, "public");
        await AssertAsync(method, path, statuses, "unlisted");
    }

    [Theory]
    [InlineData("GET", "packs/{0}/versions/1.0.0", "404 404 404 200 200 200 200 404 200")]
    [InlineData("GET", "packs/{0}/manifest", "404 404 404 200 200 200 200 404 200")]
    [InlineData("GET", "packs/{0}/manifest/1.0.0", "404 404 404 200 200 200 200 404 200")]
    [InlineData("GET", "packs/{0}/diff?from=1.0.0&to=2.0.0", "404 404 404 200 200 200 200 404 200")]
    [InlineData("GET", "packs/{0}/download", "404 404 404 302 302 302 302 404 302")]
    [InlineData("GET", "packs/{0}/download?version=1.0.0", "404 404 404 302 302 302 302 404 302")]
    [InlineData("GET", "servers/{1}/manifest", "404 404 404 200 200 200 200 404 200")]
    [InlineData("PATCH", "packs/{0}/versions/1.0.0", "401 403 404 200 200 200 200 404 403")]
    [InlineData("POST", "packs/{0}/versions/1.0.0/withdraw", "401 403 404 403 204 204 204 404 403")]
    [InlineData("DELETE", "packs/{0}/versions/1.0.0/withdraw", "401 403 404 403 204 204 204 404 403")]
    [InlineData("POST", "packs/{0}/favorite", "401 404 404 200 200 200 200 404 403")]
    public async Task PrivatePack_EachRoute_IsNotThereForOthers(string method, string path, string statuses) => await AssertAsync(method, path, statuses, "private");

    [Theory]
    [InlineData("public")]
    [InlineData("private")]
    public async Task HeldVersion_IsThereForTheTeamOnly(string visibility)
    {
        var owner = api.NewPublisher();
        await owner.RegisterKeyAsync();
        var slug = await owner.CreatePackAsync(more: new { visibility });
        var draft = owner.Draft(slug, "1.0.0", await owner.UploadAsync());
        draft["files"]![0]!["path"] = "Mods/A/Setup.exe"; // the scan refuses it
        await owner.SendAsync(slug, owner.Sign(draft)).SucceedsAsync(System.Net.HttpStatusCode.UnprocessableEntity);
        foreach (var (kind, status) in CallerKinds.Columns("404 404 404 200 200 200 200 404 200"))
            await api.Client(kind, owner, await api.NewMemberAsync(slug, kind)).AssertAsync(kind, status, "GET", $"packs/{slug}/versions/1.0.0");
    }

    [Theory]
    [InlineData("GET", "files/{0}", "200 200 200 - - 200 200 200 200")] // for everybody who knows the hash
    [InlineData("GET", "files/exists?hash={0}", "401 403 200 - - 200 200 200 403")]
    [InlineData("PUT", "files/put?pathname=packs/files/{0}", "401 403 422 - - 422 422 422 403")]
    [InlineData("POST", "files/multipart/init", "401 403 400 - - 400 400 400 403")]
    public async Task File_EachRoute_AdmitsWhomItShould(string method, string path, string statuses)
    {
        var owner = api.NewPublisher();
        var sha256 = Publisher.Sha256(await owner.UploadAsync());
        foreach (var (kind, status) in CallerKinds.Columns(statuses))
            await api.Client(kind, owner, owner).AssertAsync(kind, status, method, path.Replace("{0}", sha256, StringComparison.Ordinal));
    }

    // An upload is its account's: nobody else's, admins' neither, and whatever pack a token of the account is for.
    [Theory]
    [InlineData("GET", "files/multipart?uploadId={0}", "401 403 404 - - 200 404 200 403")]
    [InlineData("POST", "files/multipart/part?pathname=packs/files/{1}&uploadId={0}&partNumber=1", "401 403 404 - - 200 404 200 403")]
    [InlineData("POST", "files/multipart/complete", "401 403 404 - - 400 404 400 403")]
    [InlineData("DELETE", "files/multipart?uploadId={0}", "401 403 404 - - 204 404 204 403")]
    public async Task Upload_EachRoute_AdmitsItsAccountOnly(string method, string path, string statuses)
    {
        foreach (var (kind, status) in CallerKinds.Columns(statuses))
        {
            var owner = api.NewPublisher();
            var sha256 = Publisher.Sha256(Guid.NewGuid().ToByteArray());
            var begun = await owner.Client.PostAsync("/api/v1/files/multipart/init", new { pathname = $"packs/files/{sha256}" }).JsonAsync();
            var id = begun.GetProperty("uploadId").GetString()!;
            var target = path.Replace("{0}", id, StringComparison.Ordinal).Replace("{1}", sha256, StringComparison.Ordinal);
            var body = $$"""{"pathname":"packs/files/{{sha256}}","uploadId":"{{id}}","parts":[]}"""; // for those who may: there are no parts
            await api.Client(kind, owner, owner).AssertAsync(kind, status, method, target, body);
        }
    }

    private async Task AssertAsync(string method, string path, string statuses, string visibility)
    {
        var owner = api.NewPublisher();
        await owner.RegisterKeyAsync();
        var slug = await owner.CreatePackAsync(more: new { visibility });
        foreach (var version in new[] { "1.0.0", "2.0.0" }) await owner.PublishAsync(slug, version);
        var server = await owner.CreateServerAsync();
        await owner.Client.PutAsync($"/api/v1/servers/{server}/pack", new StringContent($$"""{"slug":"{{slug}}"}""", System.Text.Encoding.UTF8, "application/json")).JsonAsync();
        var target = path.Replace("{0}", slug, StringComparison.Ordinal).Replace("{1}", server, StringComparison.Ordinal);
        foreach (var (kind, status) in CallerKinds.Columns(statuses)) // what each of them does may be done again
        {
            var client = api.Client(kind, owner, await api.NewMemberAsync(slug, kind));
            await client.AssertAsync($"{visibility}, {kind}", status, method, target, """{"reason":"broken"}""");
        }
    }
}
