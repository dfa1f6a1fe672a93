using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PackRelay.ApiDocument;

/// <summary>Makes the API document: every service writes down its part, the parts are merged, and what the gateway does not forward is left out.</summary>
public static class ApiDocumentBuilder
{
    /// <summary>Where the document is kept in the repository.</summary>
    public const string File = "docs/openapi/packrelay.json";

    private static readonly string[] Services = ["IdentityService", "CatalogService", "TelemetryService", "WebhookService"];

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of the document for the services as they are built.</summary>
    /// <param name="repository">The checkout.</param>
    /// <param name="binaries">Folder with one folder per project, such as <c>artifacts/bin</c>.</param>
    /// <param name="configuration">Folder of the build in each, such as <c>release</c>.</param>
    /// <param name="stop">Ends the services.</param>
    public static async Task<string> BuildAsync(string repository, string binaries, string configuration, CancellationToken stop)
    {
        var routes = GatewayRoutes.Read(Path.Combine(repository, "src", "Gateway", "appsettings.json"));
        var parts = await Task.WhenAll(Services.Select(service => ReadPartAsync(Path.Combine(binaries, service, configuration, service + ".dll"), stop)));
        return Write(DocumentMerge.Merge(parts, routes.Forwards));
    }

    /// <summary>A service's part, as it writes it down itself.</summary>
    /// <param name="assembly">The service.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<JsonObject> ReadPartAsync(string assembly, CancellationToken stop)
    {
        var file = Path.GetTempFileName();
        try
        {
            // Everything it would connect to is named, and nothing is connected to.
            var start = new ProcessStartInfo("dotnet", [assembly, $"--ApiDocument:Path={file}", "--ConnectionStrings:messaging=amqp://localhost/", "--Logging:LogLevel:Default=None"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            using var process = Process.Start(start)!;
            var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
            await process.WaitForExitAsync(stop);
            if (process.ExitCode != 0) throw new InvalidOperationException($"{assembly} did not write its part of the document:\n{string.Concat(output)}");
            await using var part = System.IO.File.OpenRead(file);
            return (await JsonNode.ParseAsync(part, cancellationToken: stop))!.AsObject();
        }
        finally
        {
            System.IO.File.Delete(file);
        }
    }

    /// <summary>Text with one member a line, so that changes are readable.</summary>
    public static string Write(JsonObject document) => document.ToJsonString(Format).ReplaceLineEndings("\n") + "\n";
}
