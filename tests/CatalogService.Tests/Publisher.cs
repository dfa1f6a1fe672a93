using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PackRelay.Manifests.Rules;
using PackRelay.Manifests.Signing;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests;

/// <summary>An account that publishes, with a signing key of its own.</summary>
public sealed class Publisher(CatalogApi api, Caller caller)
{
    public Caller Caller => caller;

    public HttpClient Client { get; } = api.CreateClient(caller);

    /// <summary>The secret half of its key.</summary>
    public byte[] Seed { get; } = RandomNumberGenerator.GetBytes(Ed25519.SeedSizeBytes);

    public string PublicKey => Convert.ToBase64String(Ed25519.DerivePublicKey(Seed));

    public KeyId KeyId => new(caller.Username, "main");

    public static string NewSlug(string prefix = "pack") => $"{prefix}-{RandomNumberGenerator.GetHexString(10, lowercase: true)}";

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The same account with other credentials.</summary>
    public HttpClient ClientWith(Func<Caller, Caller> change) => api.CreateClient(change(caller));

    public Task RegisterKeyAsync() => Client.PostAsync("/api/v1/keys", new { name = "main", publicKey = PublicKey }).SucceedsAsync(HttpStatusCode.Created);

    public async Task<string> CreatePackAsync(string? slug = null, object? more = null)
    {
        var pack = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        slug ??= NewSlug();
        pack["slug"] = slug;
        pack["name"] ??= "A pack";
        pack["game"] ??= "7d2d";
        await Client.PostAsJsonAsync("/api/v1/packs", pack).SucceedsAsync(HttpStatusCode.Created);
        return slug;
    }

    public async Task<string> CreateServerAsync(string? slug = null, object? more = null)
    {
        var server = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        slug ??= NewSlug("server");
        server["slug"] = slug;
        server["name"] ??= "A server";
        server["game"] ??= "7d2d";
        server["region"] ??= "eu";
        await Client.PostAsJsonAsync("/api/v1/servers", server).SucceedsAsync(HttpStatusCode.Created);
        return slug;
    }

    public Task<HttpResponseMessage> PutAsync(string sha256, byte[] content)
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return Client.PutAsync($"/api/v1/files/put?pathname=packs/files/{sha256}", body);
    }

    public async Task<byte[]> UploadAsync(string? text = null)
    {
        var content = Encoding.UTF8.GetBytes(text ?? Guid.NewGuid().ToString());
        await PutAsync(Sha256(content), content).SucceedsAsync(HttpStatusCode.OK);
        return content;
    }

    /// <summary>A manifest of one file; indented, because the hub must keep every byte.</summary>
    public JsonObject Draft(string slug, string version, byte[] file) => new()
    {
        ["schemaVersion"] = 1,
        ["name"] = slug,
        ["displayName"] = "A pack “é🦊”",
        ["version"] = version,
        ["game"] = "7d2d",
        ["gameVersion"] = "V2.0",
        ["publisher"] = caller.DisplayName,
        ["publishedAt"] = "2026-01-02T03:04:05Z",
        ["files"] = new JsonArray(new JsonObject { ["path"] = "Mods/A/a.txt", ["sha256"] = Sha256(file), ["size"] = file.Length }),
    };

    public byte[] Sign(JsonObject draft, KeyId? keyId = null, byte[]? seed = null)
    {
        Assert.True(ManifestSigner.TrySign(Encoding.UTF8.GetBytes(draft.ToJsonString()), keyId ?? KeyId, seed ?? Seed, out var signed, out var problem), problem?.ToString());
        return Encoding.UTF8.GetBytes(JsonNode.Parse(signed)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    public Task<HttpResponseMessage> SendAsync(string slug, byte[] manifest, HttpClient? client = null)
    {
        var body = new ByteArrayContent(manifest);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return (client ?? Client).PostAsync($"/api/v1/packs/{slug}/versions", body);
    }

    /// <summary>Publishes a version with a file of its own, and gives the bytes that were sent.</summary>
    public async Task<byte[]> PublishAsync(string slug, string version)
    {
        var manifest = Sign(Draft(slug, version, await UploadAsync()));
        await SendAsync(slug, manifest).SucceedsAsync(HttpStatusCode.Created);
        return manifest;
    }

    /// <summary>A pack with its first versions.</summary>
    public async Task<string> PublishPackAsync(params string[] versions)
    {
        await RegisterKeyAsync();
        var slug = await CreatePackAsync();
        foreach (var version in versions) await PublishAsync(slug, version);
        return slug;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{caller.Username}");
}
