using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.Solder;

/// <summary>Somebody who works with the Solder dialect.</summary>
internal sealed class SolderUser(CatalogApi api, Publisher publisher)
{
    public Publisher Publisher => publisher;

    public HttpClient Client => publisher.Client;

    /// <summary>With every flag and access to every modpack.</summary>
    public static SolderUser Full(CatalogApi api) => With(api, [SolderFlags.Full]);

    /// <summary>With these flags only, and these modpacks.</summary>
    public static SolderUser With(CatalogApi api, string[] flags, params string[] modpacks) =>
        new(api, api.NewPublisher(change: caller => caller with { Solder = SolderGrants.None with { Flags = flags, Modpacks = modpacks } }));

#pragma warning disable CA5351 // what launchers of this dialect check downloads by
    public static string Md5(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351

    public static string NewName(string prefix = "mod") => $"{prefix}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <summary>A key, as the gateway passes it on.</summary>
    public static HttpClient Key(CatalogApi api) => api.CreateClient(Caller.Anonymous with { Solder = SolderGrants.None with { HasKey = true } });

    /// <summary>A client that is attached to these modpacks, as the gateway passes it on.</summary>
    public static HttpClient Launcher(CatalogApi api, params long[] modpacks) => api.CreateClient(Caller.Anonymous with { Solder = SolderGrants.None with { ClientModpacks = modpacks } });

    /// <summary>A modpack and its number.</summary>
    public async Task<(string Slug, long Number)> CreateModpackAsync(bool hidden = false, bool @private = false)
    {
        var slug = NewName("pack");
        var made = await Client.PostAsync("/api/modpack", new { name = "Pack " + slug, slug, hidden, @private }).JsonAsync(HttpStatusCode.Created);
        return (slug, made.GetProperty("id").GetInt64());
    }

    public Task<JsonElement> CreateBuildAsync(string slug, string version, bool published = true, bool @private = false) =>
        Client.PostAsync($"/api/modpack/{slug}/build", new { version, minecraft = "1.20.1", is_published = published, @private }).JsonAsync(HttpStatusCode.Created);

    /// <summary>A mod with versions.</summary>
    public async Task<string> CreateModAsync(string? name = null, params string[] versions)
    {
        name ??= NewName();
        await Client.PostAsync("/api/mod", new { name, pretty_name = "Mod " + name }).JsonAsync(HttpStatusCode.Created);
        foreach (var version in versions) await Client.PostAsync($"/api/mod/{name}/version", new { version, md5 = "ABC123" }).JsonAsync(HttpStatusCode.Created);
        return name;
    }

    public Task AddModAsync(string slug, string build, string mod, string version) =>
        Client.PostAsync($"/api/modpack/{slug}/{build}/mod", new { mod_slug = mod, mod_version = version }).SucceedsAsync(HttpStatusCode.Created);

    public Task<JsonElement> ReadAsync(string path) => api.Anonymous.GetAsync("/api/" + path).JsonAsync();
}

internal static class SolderAnswers
{
    /// <summary>Asserts a status and the whole body, as JSON.</summary>
    public static async Task AnswersAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status, string json)
    {
        using var response = await sending;
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal($"{(int)status} {json}", $"{(int)response.StatusCode} {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    public static Task NotFoundAsync(this Task<HttpResponseMessage> sending, string error) => sending.AnswersAsync(HttpStatusCode.NotFound, $$"""{"error":"{{error}}"}""");

    public static Task UnauthorizedAsync(this Task<HttpResponseMessage> sending) =>
        sending.AnswersAsync(HttpStatusCode.Forbidden, """{"error":"This action is unauthorized.","message":"This action is unauthorized."}""");

    public static Task UnauthenticatedAsync(this Task<HttpResponseMessage> sending) =>
        sending.AnswersAsync(HttpStatusCode.Unauthorized, """{"error":"Unauthenticated.","message":"Unauthenticated."}""");

    public static Task UnprocessableAsync(this Task<HttpResponseMessage> sending, string errorJson) => sending.AnswersAsync(HttpStatusCode.UnprocessableEntity, $$"""{"error":{{errorJson}}}""");

    public static Task<HttpResponseMessage> PutAsync(this HttpClient client, string path, object body) => client.PutAsJsonAsync(path, body);

    public static string[] Texts(this JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    public static string[] Names(this JsonElement map) => [.. map.EnumerateObject().Select(member => member.Name)];
}
