using System.Net;
using System.Net.Http.Json;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Solder;

/// <summary>Each changing route: who may come, and that it is asked before the body is looked at.</summary>
public sealed class WriteAccessTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    // The flag that the route needs; whether access to the modpack as well; the status of a good request with an empty body; whether the modpack or mod is looked for first.
    [Theory]
    [InlineData("POST", "modpack", "modpacks_create", false, 422, null)]
    [InlineData("POST", "modpack/{p}/clone", "modpacks_create,modpacks_manage", true, 422, "Modpack not found.")]
    [InlineData("PUT", "modpack/{p}", "modpacks_manage", true, 200, "Modpack not found.")]
    [InlineData("DELETE", "modpack/{p}", "modpacks_delete", true, 200, "Modpack not found.")]
    [InlineData("POST", "modpack/{p}/build", "modpacks_manage", true, 422, "Modpack not found.")]
    [InlineData("PUT", "modpack/{p}/1", "modpacks_manage", true, 200, "Modpack not found.")]
    [InlineData("DELETE", "modpack/{p}/1", "modpacks_manage", true, 200, "Modpack not found.")]
    [InlineData("POST", "modpack/{p}/1/mod", "modpacks_manage", true, 422, "Modpack not found.")]
    [InlineData("PUT", "modpack/{p}/1/mod/{m}", "modpacks_manage", true, 422, "Modpack not found.")]
    [InlineData("DELETE", "modpack/{p}/1/mod/{m}", "modpacks_manage", true, 404, "Modpack not found.")]
    [InlineData("PUT", "modpack/{p}/art/icon", "modpacks_manage", true, 422, "Modpack not found.")]
    [InlineData("DELETE", "modpack/{p}/art/icon", "modpacks_manage", true, 200, "Modpack not found.")]
    [InlineData("POST", "mod", "mods_create", false, 422, null)]
    [InlineData("PUT", "mod/{m}", "mods_manage", false, 200, "Mod not found.")]
    [InlineData("DELETE", "mod/{m}", "mods_delete", false, 200, "Mod not found.")]
    [InlineData("POST", "mod/{m}/version", "mods_manage", false, 422, null)]
    [InlineData("PUT", "mod/{m}/1.0", "mods_manage", false, 200, null)]
    [InlineData("DELETE", "mod/{m}/1.0", "mods_delete", false, 200, null)]
    [InlineData("PUT", "mod/{m}/1.0/file", "mods_manage", false, 422, null)]
    [InlineData("POST", "minecraft/refresh", "", false, 200, null)]
    public async Task Route_ByEachKindOfCaller_AdmitsWhomItShould(string method, string route, string flags, bool needsAccess, int good, string? missing)
    {
        var owner = SolderUser.Full(api);
        var (slug, _) = await owner.CreateModpackAsync();
        await owner.CreateBuildAsync(slug, "1");
        var mod = await owner.CreateModAsync(null, "1.0");
        var path = "/api/" + route.Replace("{p}", slug, StringComparison.Ordinal).Replace("{m}", mod, StringComparison.Ordinal);
        var needed = flags.Split(',', StringSplitOptions.RemoveEmptyEntries);
        string[] all = ["solder_users", "solder_keys", "solder_clients", "mods_create", "mods_manage", "mods_delete", "modpacks_create", "modpacks_manage", "modpacks_delete"];

        await SendAsync(api.Anonymous).UnauthenticatedAsync();
        await SendAsync(SolderUser.Key(api)).UnauthenticatedAsync(); // a key only reads
        await SendAsync(owner.Publisher.ClientWith(caller => caller with { Scopes = new HashSet<string> { Scopes.PacksWrite } })).UnauthorizedAsync();
        if (needed.Length > 0) await SendAsync(SolderUser.With(api, [.. all.Except(needed)], slug).Client).UnauthorizedAsync();
        if (needsAccess) await SendAsync(SolderUser.With(api, all, "another").Client).UnauthorizedAsync();
        if (missing is not null) await SendAsync(SolderUser.With(api, []).Client, "/api/" + route.Replace("{p}", "nobody-has-this", StringComparison.Ordinal).Replace("{m}", "nobody-has-this", StringComparison.Ordinal)).NotFoundAsync(missing);
        else if (needed.Length > 0) await SendAsync(SolderUser.With(api, []).Client, path.Replace(mod, "nobody-has-this", StringComparison.Ordinal)).UnauthorizedAsync();

        using var answer = await SendAsync(SolderUser.With(api, needed, slug).Client);
        Assert.True(good == (int)answer.StatusCode, $"{(int)answer.StatusCode} instead of {good}: {await answer.Content.ReadAsStringAsync()}");

        Task<HttpResponseMessage> SendAsync(HttpClient client, string? other = null)
        {
            var request = new HttpRequestMessage(new HttpMethod(method), other ?? path);
            if (route.EndsWith("/file", StringComparison.Ordinal) || (method == "PUT" && route.Contains("/art/", StringComparison.Ordinal))) request.Content = new ByteArrayContent("none"u8.ToArray());
            else if (method != "DELETE") request.Content = JsonContent.Create(new { });
            return client.SendAsync(request);
        }
    }

    [Fact]
    public async Task Refresh_OfMinecraftVersions_SaysSo() => await SolderUser.With(api, []).Client.PostAsync("/api/minecraft/refresh", new { })
        .AnswersAsync(HttpStatusCode.OK, """{"success":"Minecraft versions cache refreshed."}""");

    [Fact]
    public async Task Session_OfAnAdministrator_MayDoAll()
    {
        var admin = api.NewPublisher(change: caller => caller with { Role = Role.Admin, Credential = CredentialKind.Session, Scopes = new HashSet<string>() });
        var (slug, _) = await SolderUser.Full(api).CreateModpackAsync(@private: true);
        await admin.Client.PutAsync($"/api/modpack/{slug}", new { order = 1 }).JsonAsync();
        Assert.True((await admin.Client.GetAsync("/api/modpack").JsonAsync()).GetProperty("modpacks").TryGetProperty(slug, out _));
    }

    [Fact]
    public async Task Team_OfAPack_HasAccessByItsRole()
    {
        var owner = SolderUser.Full(api);
        var (slug, _) = await owner.CreateModpackAsync(@private: true);
        foreach (var (role, status) in new[] { ("publisher", HttpStatusCode.Forbidden), ("maintainer", HttpStatusCode.OK) })
        {
            var member = await api.NewMemberAsync(slug, role);
            var client = member.ClientWith(caller => caller with { Solder = SolderGrants.None with { Flags = ["modpacks_manage"] } });
            await client.GetAsync($"/api/modpack/{slug}").JsonAsync();
            await client.PutAsync($"/api/modpack/{slug}", new { order = 1 }).SucceedsAsync(status);
        }
    }
}
