using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Solder;

public sealed class SolderKeysTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Path = "/api/v1/admin/solder/keys";

    [Fact]
    public async Task Create_ByAnAdmin_ShowsTheKeyOnceAndStoresItsHash()
    {
        var admin = await api.NewPersonAsync(Role.Admin);

        using var answer = await admin.Client.PostAsJsonAsync(Path, new { name = "Technic" });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var created = await answer.ReadJsonAsync();
        Assert.Equal(["id", "name", "key"], created.Members());
        var key = created.GetProperty("key").GetString()!;
        Assert.Matches("^[0-9A-Za-z]{64}$", key);
        Assert.Equal(
            SHA256.HashData(Encoding.ASCII.GetBytes(key)), await api.ScalarAsync<byte[]>("SELECT key_hash FROM solder_keys WHERE id = $1", created.GetProperty("id").GetGuid()));
        using var listed = await admin.Client.GetAsync(Path);
        Assert.DoesNotContain(key, await listed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_PageByPage_ShowsEachKeyOnceNewestFirst()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        var made = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            made.Insert(0, await CreateAsync(admin, $"key {i}"));
            api.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var seen = new List<Guid>();
        var path = $"{Path}?limit=2";
        while (true)
        {
            using var answer = await admin.Client.GetAsync(path);
            var page = await answer.ReadJsonAsync();
            Assert.Equal(["keys", "hasMore", "nextCursor"], page.Members());
            Assert.Equal(["id", "name", "createdAt", "createdBy"], page.GetProperty("keys")[0].Members());
            seen.AddRange(page.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("id").GetGuid()));
            if (!page.GetProperty("hasMore").GetBoolean()) break;
            path = $"{Path}?limit=2&cursor={page.GetProperty("nextCursor").GetString()}";
        }

        Assert.Equal(made, seen.Where(made.Contains));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task Delete_OfAKey_RemovesItOnce()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        var id = await CreateAsync(admin, "to be deleted");

        using var first = await admin.Client.DeleteAsync($"{Path}/{id}");
        using var second = await admin.Client.DeleteAsync($"{Path}/{id}");
        using var notAnId = await admin.Client.DeleteAsync($"{Path}/not-an-id");

        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        await second.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
        await notAnId.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("limit=0", "invalid_limit")]
    [InlineData("cursor=abc", "invalid_cursor")]
    [InlineData("offset=5", "invalid_offset")]
    public async Task List_WithABadParameter_IsRefused(string query, string code)
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        using var answer = await admin.Client.GetAsync($"{Path}?{query}");
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Create_WithABadName_IsRefused()
    {
        var admin = await api.NewPersonAsync(Role.Admin);
        using var answer = await admin.Client.PostAsJsonAsync(Path, new { name = new string('n', 101) });
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_name");
    }

    [Fact]
    public async Task Create_WithABadBody_IsRefused() => await BadBodies.AssertRefusedAsync((await api.NewPersonAsync(Role.Admin)).Client, HttpMethod.Post, Path, "name");

    [Theory]
    [InlineData("GET", Path)]
    [InlineData("POST", Path)]
    [InlineData("DELETE", Path + "/some")]
    public Task Route_ByAnyone_TakesAnAdministratorsSessionOnly(string method, string path) => Access.AssertAdminOnlyAsync(api, new HttpMethod(method), path);

    private static async Task<Guid> CreateAsync(Person admin, string name)
    {
        using var answer = await admin.Client.PostAsJsonAsync(Path, new { name });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.ReadJsonAsync()).GetProperty("id").GetGuid();
    }
}
