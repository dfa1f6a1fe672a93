using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Http;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests.Reloaded;

/// <summary>The catalog as it runs, with a clock that stands still, Redis, and a stand-in of SteamGridDB.</summary>
public sealed class ReloadedApi() : ServiceFixture<Program>(new() { Contract = true, Database = "catalogdb", Messaging = true, Redis = true, SteppedClock = true })
{
    public const string SteamGridDbKey = "steamgriddb-test-key";

    private readonly string blobs = Path.Combine(Path.GetTempPath(), $"packrelay-blobs-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");

    /// <summary>Stands in for SteamGridDB.</summary>
    public WebhookReceiver Upstream { get; private set; } = null!;

    public HttpClient Anonymous => field ??= CreateClient();

    public override async Task InitializeAsync()
    {
        Upstream = await WebhookReceiver.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Upstream.DisposeAsync();
        if (Directory.Exists(blobs)) Directory.Delete(blobs, recursive: true);
    }

    /// <summary>A client with an account of its own that may publish packages.</summary>
    public HttpClient NewPublisher(Role role = Role.ServerOwner, params string[] scopes) =>
        CreateClient(TestCallers.Token($"user-{RandomNumberGenerator.GetHexString(8, lowercase: true)}", role, scopes.Length > 0 ? scopes : [.. Scopes.All]));

    public static string NewId(string type = "mod") => $"test.{type}.{RandomNumberGenerator.GetHexString(10, lowercase: true)}.s56";

    /// <summary>A body with which a version can be published; <paramref name="change"/> makes another of it.</summary>
    public static JsonObject Version(Action<JsonObject>? change = null)
    {
        var body = JsonNode.Parse(
            """
            {
              "packageToml": "Name = \"A mod\"\nSummary = \"Does things\"",
              "updateSourceData": { "GitHub": { "UserName": "Sewer56", "RepositoryName": "a-mod" } },
              "downloadInfo": [{ "type": "GitHub", "userName": "Sewer56", "repositoryName": "a-mod", "assetId": 1, "fileSize": 10, "xxhash3": 18364758544493064721 }]
            }
            """)!.AsObject();
        change?.Invoke(body);
        return body;
    }

    /// <summary>Makes a game known.</summary>
    public async Task PutGameAsync(string gameId, long? steamGridDbGameId = null, params uint[] versions)
    {
        using var admin = NewPublisher(Role.Admin);
        var body = new { name = gameId, steamGridDbGameId, versions = versions.Select(id => new { id, friendlyName = $"v{id}" }) };
        using var answer = await admin.SendJsonAsync(HttpMethod.Put, $"/api/games/{gameId}", JsonSerializer.Serialize(body));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>An example of the dialect's document.</summary>
    public static string Example(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reloaded", "examples", name + ".json"));

    protected override void Configure(IDictionary<string, string?> settings)
    {
        settings["Catalog:Blobs:Directory"] = blobs;
        settings["Reloaded:SteamGridDb:ApiKey"] = SteamGridDbKey;
        settings["Reloaded:SteamGridDb:BaseUrl"] = Upstream.Url + "api/v2/";
        settings["Reloaded:SteamGridDb:Timeout"] = "00:00:05";
        settings["Reloaded:SteamGridDb:PauseAfterFailure"] = "00:00:00";
    }
}

/// <summary>Short forms of what tests of the dialect send.</summary>
internal static class ReloadedRequests
{
    /// <summary>Sends JSON and asks for JSON.</summary>
    public static Task<HttpResponseMessage> SendJsonAsync(this HttpClient client, HttpMethod method, string path, string? body = null, string? address = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.ParseAdd("application/json");
        if (address is not null) request.Headers.Add("X-Forwarded-For", address);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return client.SendAsync(request);
    }

    /// <summary>Publishes a version, and gives the answer.</summary>
    public static async Task<JsonElement> PutPackageAsync(this HttpClient publisher, string id, string version = "1.0.0", Action<JsonObject>? change = null) =>
        await publisher.SendJsonAsync(HttpMethod.Put, $"/api/packages/{id}/{version}", ReloadedApi.Version(change).ToJsonString()).JsonAsync(HttpStatusCode.Created);

    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string path, string body, string? address = null) => client.SendJsonAsync(HttpMethod.Post, path, body, address);

    public static Task<HttpResponseMessage> GetJsonAsync(this HttpClient client, string path) => client.SendJsonAsync(HttpMethod.Get, path);

    /// <summary>Asserts an error of the dialect, member by member.</summary>
    public static async Task RefusesAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status, string body)
    {
        using var answer = await sending;
        Assert.Equal((status, body), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>Asserts an error of the dialect by its code, and by the item it names.</summary>
    public static async Task<JsonElement> RefusesAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status, string code, int? index)
    {
        var error = await sending.FailsAsync(status, code);
        Assert.Equal(index, error.TryGetProperty("index", out var found) ? found.GetInt32() : null);
        return error;
    }

    /// <summary>Asserts that two JSON texts say the same, whatever the order of members.</summary>
    public static void AssertSame(string wanted, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(wanted), JsonNode.Parse(actual)), $"wanted:\n{wanted}\nis:\n{actual}");
}
