using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.CatalogService.Tests;

/// <summary>The catalog as it runs, with a database, a broker and a blob folder of its own.</summary>
public class CatalogApi() : ServiceFixture<Program>(new() { Contract = true, Database = "catalogdb", Messaging = true, SteppedClock = false })
{
    /// <summary>Where it keeps blobs.</summary>
    public string BlobFolder { get; } = Path.Combine(Path.GetTempPath(), $"packrelay-blobs-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");

    /// <summary>Somebody without credentials.</summary>
    public HttpClient Anonymous => field ??= CreateClient();

    /// <summary>A server owner with every scope and an account of its own.</summary>
    public Publisher NewPublisher(string? username = null, Func<Caller, Caller>? change = null)
    {
        var name = username ?? $"user-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var caller = TestCallers.Token(name, Role.ServerOwner, [.. Scopes.All]) with { Plan = "pro" };
        return new Publisher(this, change?.Invoke(caller) ?? caller);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(BlobFolder)) Directory.Delete(BlobFolder, recursive: true);
    }

    protected override void Configure(IDictionary<string, string?> settings)
    {
        settings["Catalog:Blobs:Directory"] = BlobFolder;
        settings["Catalog:Files:MaxFileBytes"] = "2097152";
        settings["Catalog:Files:MaxMultipartFileBytes"] = "3000000";
    }
}

/// <summary>Short forms of what tests do with answers.</summary>
internal static class Answers
{
    /// <summary>Reads a JSON answer, after its status was found right.</summary>
    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await sending;
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    /// <summary>Asserts the native error envelope.</summary>
    public static async Task<JsonElement> FailsAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status, string code)
    {
        var error = await sending.JsonAsync(status);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("error").GetString()));
        return error;
    }

    public static async Task SucceedsAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status = HttpStatusCode.NoContent)
    {
        using var response = await sending;
        Assert.Equal(status, response.StatusCode);
    }

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, object body) => client.PostAsJsonAsync(path, body);

    public static Task<HttpResponseMessage> PostTextAsync(this HttpClient client, string path, string body, string contentType = "application/json") =>
        client.PostAsync(path, new StringContent(body, Encoding.UTF8, contentType));

    /// <summary>Ten megabytes of JSON. The client asks before it sends them: the server answers and hangs up, it does not swallow them all.</summary>
    public static async Task<HttpResponseMessage> PostHugeAsync(this HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(new string(' ', 10_000_000), Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = true;
        return await client.SendAsync(request);
    }

    public static string[] Slugs(this JsonElement page, string list) => [.. page.GetProperty(list).EnumerateArray().Select(item => item.GetProperty("slug").GetString()!)];
}
