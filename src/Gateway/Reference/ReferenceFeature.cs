using System.Reflection;
using PackRelay.Gateway.Edge;
using PackRelay.Gateway.Reference;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// <c>/openapi.json</c>, the API document as it was built with the hub, and <c>/docs</c>, a page to read it and try it out. Both come from memory, need no service
/// behind, and load nothing from anywhere else.
/// </summary>
internal static class ReferenceFeature
{
    private const string DocumentCaching = "public, max-age=300";

    private const string AssetCaching = "public, max-age=3600";

    /// <summary>Scripts and styles of ours alone; the page's own pictures are data in its style sheet.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapReference(this WebApplication app)
    {
        var ours = typeof(ReferenceFeature).Assembly;
        Map(app, "/openapi.json", new Asset(ours, "openapi.json", "application/json"), DocumentCaching, response => Cors.AllowReading(response.Headers));
        Map(app, "/docs", new Asset(ours, "reference.index.html", "text/html; charset=utf-8"), DocumentCaching, Protect);
        Map(app, "/docs/start.js", new Asset(ours, "reference.start.js", "text/javascript"), AssetCaching);
        Map(app, "/docs/page.css", new Asset(ours, "reference.page.css", "text/css"), AssetCaching);
        Map(app, "/docs/swagger-ui.css", Packaged("swagger-ui.css", "text/css"), AssetCaching);
        Map(app, "/docs/swagger-ui-bundle.js", Packaged("swagger-ui-bundle.js", "text/javascript"), AssetCaching);
    }

    private static Asset Packaged(string name, string contentType)
    {
        Assembly package = typeof(SwaggerUIOptions).Assembly;
        return new Asset(package, $"Swashbuckle.AspNetCore.SwaggerUI.node_modules.swagger_ui_dist.{name}", contentType);
    }

    private static void Map(WebApplication app, string path, Asset asset, string caching, Action<HttpResponse>? addHeaders = null) =>
        app.MapMethods(path, Reading, (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = caching;
            addHeaders?.Invoke(context.Response);
            return asset.WriteAsync(context);
        });

    private static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
