using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PackRelay.EndToEnd.Tests.Documents;
using PackRelay.Manifests.Json;
using PackRelay.Manifests.Signing;

namespace PackRelay.EndToEnd.Tests;

/// <summary>Somebody with an account, an API token and a signing key, who knows nothing but the gateway's address and the documents.</summary>
internal sealed class Publisher : IDisposable
{
    private readonly byte[] seed = RandomNumberGenerator.GetBytes(32);

    private Publisher(HttpClient client, string username, string keyId)
    {
        Client = client;
        Username = username;
        KeyId = keyId;
    }

    /// <summary>Sends the API token with every request.</summary>
    public HttpClient Client { get; }

    public string Username { get; }

    public string KeyId { get; }

    /// <summary>Creates an account, signs in, becomes server owner, mints a token and registers a key.</summary>
    public static async Task<Publisher> RegisterAsync(Uri gateway)
    {
        var username = "user-" + RandomText(8);
        var password = RandomText(24);
        using var browser = HubClient.Create(gateway, new CookieContainer());
        await ExpectAsync(HttpStatusCode.Created, browser.PostAsJsonAsync("/api/v1/accounts", new { username, email = $"{username}@example.org", password }));
        await ExpectAsync(HttpStatusCode.OK, browser.PostAsJsonAsync("/api/v1/sessions", new { login = username, password }));
        var profile = await ExpectAsync(HttpStatusCode.OK, browser.PostAsJsonAsync("/api/v1/me/server-owner", new { }));
        Assert.Equal("server_owner", (string?)profile["role"]);
        var minted = await ExpectAsync(HttpStatusCode.Created, browser.PostAsJsonAsync("/api/v1/me/tokens", new { name = "end to end" }));

        var client = HubClient.Create(gateway);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string?)minted["token"]);
        var publisher = new Publisher(client, username, $"{username}/main");
        await ExpectAsync(HttpStatusCode.Created, client.PostAsJsonAsync("/api/v1/keys", new { name = "main", publicKey = Convert.ToBase64String(publisher.PublicKey) }));
        return publisher;
    }

    public byte[] PublicKey => Ed25519.DerivePublicKey(seed);

    /// <summary>A slug that nobody else has.</summary>
    public static string NewSlug(string kind) => $"{kind}-{RandomText(10)}";

    public async Task<string> CreatePackAsync()
    {
        var slug = NewSlug("pack");
        await ExpectAsync(HttpStatusCode.Created, Client.PostAsJsonAsync("/api/v1/packs", new { slug, name = "A pack", summary = "Of a test", tags = new[] { "test" }, game = "7d2d" }));
        return slug;
    }

    public async Task<string> CreateServerAsync(string? pack = null)
    {
        var slug = NewSlug("server");
        await ExpectAsync(HttpStatusCode.Created, Client.PostAsJsonAsync("/api/v1/servers", new { slug, name = "A server", region = "eu", game = "7d2d", maxPlayers = 16 }));
        if (pack is not null) await ExpectAsync(HttpStatusCode.OK, Client.PutAsJsonAsync($"/api/v1/servers/{slug}/pack", new { slug = pack, version = (string?)null }));
        return slug;
    }

    /// <summary>Uploads random bytes and gives their hash.</summary>
    public async Task<(string Sha256, int Size)> UploadAsync(int size = 3_000)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await ExpectAsync(HttpStatusCode.OK, PutFileAsync(sha256, bytes));
        return (sha256, size);
    }

    public Task<HttpResponseMessage> PutFileAsync(string sha256, byte[] bytes) =>
        Client.PutAsync($"/api/v1/files/put?pathname=packs/files/{sha256}", new ByteArrayContent(bytes) { Headers = { ContentType = new("application/octet-stream") } });

    /// <summary>A signed manifest over one freshly uploaded file.</summary>
    public async Task<byte[]> SignManifestAsync(string pack, string version = "1.0.0") => SignManifest(pack, version, [await UploadAsync()]);

    /// <summary>A signed manifest, pretty-printed: what is signed is its canonical form.</summary>
    public byte[] SignManifest(string pack, string version, IEnumerable<(string Sha256, int Size)> files, string? keyId = null, Action<JsonObject>? change = null)
    {
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 1,
            ["name"] = pack,
            ["displayName"] = "A pack “of tests” 🦊",
            ["version"] = version,
            ["game"] = "7d2d",
            ["gameVersion"] = "V2.0",
            ["publisher"] = Username,
            ["publishedAt"] = "2026-01-02T03:04:05Z",
            ["files"] = new JsonArray([.. files.Select((file, i) => new JsonObject { ["path"] = $"Mods/M{i}/file.bin", ["sha256"] = file.Sha256, ["size"] = file.Size })]),
        };
        change?.Invoke(manifest);
        manifest["signature"] = new JsonObject { ["algo"] = "ed25519", ["publicKeyId"] = keyId ?? KeyId, ["value"] = Sign(manifest) };
        return Encoding.UTF8.GetBytes(manifest.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    public Task<HttpResponseMessage> PublishAsync(string pack, byte[] manifest) =>
        Client.PostAsync($"/api/v1/packs/{pack}/versions", new ByteArrayContent(manifest) { Headers = { ContentType = new("application/json") } });

    public Task<HttpResponseMessage> BeatAsync(string server, int players) =>
        Client.PostAsJsonAsync($"/api/v1/servers/{server}/heartbeat", new { currentPlayers = players, maxPlayers = 16, cpuPct = 41.5, ramPct = 63 });

    public async Task<(string Id, string Secret)> RegisterWebhookAsync(Uri receiver, params string[] events)
    {
        var endpoint = await ExpectAsync(HttpStatusCode.Created, Client.PostAsJsonAsync("/api/v1/webhooks", new { url = receiver, events }));
        return ((string)endpoint["id"]!, (string)endpoint["secret"]!);
    }

    /// <summary>The JSON of an answer that must have this status; otherwise fails with the answer's text.</summary>
    public static async Task<JsonNode> ExpectAsync(HttpStatusCode status, Task<HttpResponseMessage> request)
    {
        using var answer = await request;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"expected {status}, got {answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>An error answer must have this status and code, and a text for people.</summary>
    public static async Task<JsonNode> ExpectErrorAsync(HttpStatusCode status, string code, Task<HttpResponseMessage> request)
    {
        var envelope = await ExpectAsync(status, request);
        Assert.Equal(code, (string?)envelope["code"]);
        Assert.False(string.IsNullOrWhiteSpace((string?)envelope["error"]));
        return envelope;
    }

    public void Dispose() => Client.Dispose();

    private string Sign(JsonObject manifest)
    {
        var canonical = new ArrayBufferWriter<byte>();
        Assert.True(CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(manifest.ToJsonString()), canonical, out var problem), problem?.ToString());
        return Convert.ToHexStringLower(Ed25519.Sign(seed, canonical.WrittenSpan));
    }

    private static string RandomText(int length) => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", length);
}
