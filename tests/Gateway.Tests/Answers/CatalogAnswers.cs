using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PackRelay.Gateway.Tests.Answers;

/// <summary>The gateway before a catalog that answers what each test says for a target of its own.</summary>
public class CatalogAnswers : GatewayApi
{
    /// <summary>What the catalog says of a public manifest.</summary>
    public const string Immutable = "public, max-age=31536000, immutable";

    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> handlers = new(StringComparer.Ordinal);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Catalog.Handler = context => handlers.TryGetValue(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0], out var handler)
            ? handler(context)
            : Task.CompletedTask;
    }

    /// <summary>Answers a path.</summary>
    public void Answer(string path, Func<HttpContext, Task> handler) => handlers[path] = handler;

    /// <summary>Answers a path with JSON.</summary>
    public void Answer(string path, string json, string? cacheControl = null, string? tag = null, int status = 200) => Answer(path, context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (cacheControl is not null) context.Response.Headers.CacheControl = cacheControl;
        if (tag is not null) context.Response.Headers.ETag = tag;
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(json)).AsTask();
    });

    /// <summary>A path of a manifest that the catalog serves, of a pack that no other test has.</summary>
    public (string Slug, string Path) NewManifest(string json = "{\"version\":\"1.0.0\"}", string cacheControl = Immutable)
    {
        var slug = NewName();
        var path = $"/api/v1/packs/{slug}/manifest/1.0.0";
        Answer(path, json, cacheControl, "\"0123abcd\"");
        return (slug, path);
    }

    public async Task<string> ReadAsync(string path, string? token = null, string? session = null)
    {
        using var answer = await GetAsync(path, token, session);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    public static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";
}
