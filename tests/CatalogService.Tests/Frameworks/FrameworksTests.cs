using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Frameworks;

public sealed class FrameworksTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    [Fact]
    public async Task Put_New_IsServedForEver()
    {
        var admin = Admin();
        var (first, second) = (await admin.UploadAsync(), await admin.UploadAsync());
        var path = $"/api/v1/frameworks/{NewId()}/5.4.23+1";
        var body = new { files = new[] { File("doorstop/z.dll", first), File("A/a.dll", second) } };
        using var created = await admin.Client.PutAsJsonAsync(path, body);
        Assert.Equal((HttpStatusCode.Created, path.Replace("+", "%2B", StringComparison.Ordinal)), (created.StatusCode, created.Headers.Location!.OriginalString));
        using var response = await api.Anonymous.GetAsync(path);
        Assert.Equal(TimeSpan.FromDays(365), response.Headers.CacheControl!.MaxAge);
        using var framework = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(["id", "version", "files"], framework.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["A/a.dll", "doorstop/z.dll"], framework.RootElement.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        Assert.Equal(second.Length, framework.RootElement.GetProperty("files")[0].GetProperty("size").GetInt64());
        using var known = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { response.Headers.ETag! } } };
        await api.Anonymous.SendAsync(known).SucceedsAsync(HttpStatusCode.NotModified);
        await api.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, path)).SucceedsAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Put_Again_IsFineWithTheSameAndAConflictWithOtherFiles()
    {
        var admin = Admin();
        var (first, second) = (await admin.UploadAsync(), await admin.UploadAsync());
        var path = $"/api/v1/frameworks/{NewId()}/1.0";
        await admin.Client.PutAsJsonAsync(path, new { files = new[] { File("a", first), File("b", second) } }).JsonAsync(HttpStatusCode.Created);
        await admin.Client.PutAsJsonAsync(path, new { files = new[] { File("b", second), File("a", first) } }).JsonAsync();
        foreach (var files in new[] { new[] { File("a", first) }, [File("a", first), File("b", first)], [File("a", first), File("b", second), File("c", second)] })
            await admin.Client.PutAsJsonAsync(path, new { files }).FailsAsync(HttpStatusCode.Conflict, "framework_exists");
    }

    [Fact]
    public async Task Put_BadFiles_AreRefused()
    {
        var admin = Admin();
        var file = await admin.UploadAsync();
        var path = $"/api/v1/frameworks/{NewId()}/1.0";
        foreach (var bad in new[] { "/a", "a//b", "a:b", "../a", "a/_packrelay-manifest.json", "" })
        {
            var error = await admin.Client.PutAsJsonAsync(path, new { files = new[] { File(bad, file) } }).FailsAsync(HttpStatusCode.BadRequest, "invalid_files");
            Assert.Equal("files[0].path", error.GetProperty("details")[0].GetProperty("path").GetString());
        }

        await admin.Client.PutAsJsonAsync(path, new { files = new[] { File("a", file), File("A", file) } }).FailsAsync(HttpStatusCode.BadRequest, "invalid_files");
        await admin.Client.PutAsJsonAsync(path, new { files = Array.Empty<object>() }).FailsAsync(HttpStatusCode.BadRequest, "invalid_files");
        await admin.Client.PutAsJsonAsync(path, new { files = new object?[] { null } }).FailsAsync(HttpStatusCode.BadRequest, "invalid_files");
        await admin.Client.PutAsJsonAsync(path, new { files = new[] { new { path = "a", sha256 = "x", size = 1 } } }).FailsAsync(HttpStatusCode.BadRequest, "invalid_files");
        await admin.Client.PutAsJsonAsync(path, new { }).FailsAsync(HttpStatusCode.BadRequest, "invalid_json");
        var missing = await admin.Client.PutAsJsonAsync(path, new { files = new[] { new { path = "a", sha256 = Publisher.Sha256(file), size = file.Length + 1 } } })
            .FailsAsync(HttpStatusCode.UnprocessableEntity, "missing_files");
        Assert.Equal(Publisher.Sha256(file), missing.GetProperty("missing")[0].GetString());
        var good = new { files = new[] { File("a", file) } };
        await admin.Client.PutAsJsonAsync("/api/v1/frameworks/-x/1.0", good).FailsAsync(HttpStatusCode.BadRequest, "invalid_id");
        await admin.Client.PutAsJsonAsync("/api/v1/frameworks/x/1%200", good).FailsAsync(HttpStatusCode.BadRequest, "invalid_version");
    }

    [Fact]
    public async Task Put_ByOthersThanAdmins_IsRefusedBeforeTheBodyIsRead()
    {
        var path = $"/api/v1/frameworks/{NewId()}/1.0";
        await PutAsync(api.Anonymous).FailsAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        await PutAsync(api.NewPublisher(change: caller => caller with { Role = Role.Player }).Client).FailsAsync(HttpStatusCode.Forbidden, "role_required");
        await PutAsync(api.NewPublisher().Client).FailsAsync(HttpStatusCode.Forbidden, "role_required");
        await PutAsync(Admin().ClientWith(caller => caller with { Scopes = new HashSet<string> { Scopes.Favorites } })).FailsAsync(HttpStatusCode.Forbidden, "scope_required");

        Task<HttpResponseMessage> PutAsync(HttpClient client) => client.PutAsync(path, new StringContent("{", Encoding.UTF8, "application/json"));
    }

    [Fact]
    public async Task Get_Unknown_Is404()
    {
        foreach (var path in new[] { "no-such/1.0", "no-such/1%2F0", "%20/1" })
            await api.Anonymous.GetAsync($"/api/v1/frameworks/{path}").FailsAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task List_Frameworks_PagesById()
    {
        var admin = Admin();
        var id = NewId();
        var file = await admin.UploadAsync();
        foreach (var version in new[] { "2.0", "1.0", "3.0" })
            await admin.Client.PutAsJsonAsync($"/api/v1/frameworks/{id}/{version}", new { files = new[] { File("a", file) } }).JsonAsync(HttpStatusCode.Created);
        var versions = new List<string?>();
        for (var next = "?limit=1"; next is not null;)
        {
            using var response = await api.Anonymous.GetAsync($"/api/v1/frameworks{next}");
            var page = await Task.FromResult(response).JsonAsync();
            Assert.Equal(page.GetProperty("hasMore").GetBoolean(), response.Headers.TryGetValues("Link", out var links) && links.Single().Contains("rel=\"next\"", StringComparison.Ordinal));
            versions.AddRange(page.GetProperty("frameworks").EnumerateArray().Where(item => item.GetProperty("id").GetString() == id).Select(item => item.GetProperty("version").GetString()));
            next = page.GetProperty("hasMore").GetBoolean() ? $"?limit=1&cursor={page.GetProperty("nextCursor").GetString()}" : null;
        }

        Assert.Equal(["1.0", "2.0", "3.0"], versions);
        await api.Anonymous.GetAsync("/api/v1/frameworks?limit=0").FailsAsync(HttpStatusCode.BadRequest, "invalid_limit");
    }

    private static string NewId() => Publisher.NewSlug("Framework_");

    private static object File(string path, byte[] content) => new { path, sha256 = Publisher.Sha256(content), size = content.Length };

    private Publisher Admin() => api.NewPublisher(change: caller => caller with { Role = Role.Admin });
}
