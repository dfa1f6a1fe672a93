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

    /// <summary>What a service insists on being told before it builds its routes. Nothing is connected to.</summary>
    private static readonly string[] Settings =
    [
        "--ConnectionStrings:messaging=amqp://localhost/",
        "--ConnectionStrings:cache=localhost",
        .. new[] { "identitydb", "catalogdb", "telemetrydb", "webhookdb" }.Select(database => $"--ConnectionStrings:{database}=Host=localhost"),
        "--services:influxdb:http:0=http://localhost",
        $"--Callers:SigningKey={new string('0', 64)}",
        "--Logging:LogLevel:Default=None",
    ];

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of the document for the services as they are built.</summary>
    /// <param name="repository">The checkout.</param>
    /// <param name="binaries">Folder with one folder per project, such as <c>artifacts/bin</c>.</param>
    /// <param name="configuration">Folder of the build in each, such as <c>release</c>.</param>
    /// <param name="stop">Ends the services.</param>
    public static async Task<string> BuildAsync(string repository, string binaries, string configuration, CancellationToken stop)
    {
        var routes = GatewayRoutes.Read(Path.Combine(repository, "src", "Gateway", "appsettings.json"));
        return Write(DocumentMerge.Merge(await ReadPartsAsync(binaries, configuration, stop), routes.Forwards));
    }

    /// <summary>Paths that a service answers and the gateway does not forward: nobody can call them. The parameters are those of <see cref="BuildAsync"/>.</summary>
    public static async Task<IReadOnlyList<string>> UnreachableAsync(string repository, string binaries, string configuration, CancellationToken stop)
    {
        var routes = GatewayRoutes.Read(Path.Combine(repository, "src", "Gateway", "appsettings.json"));
        var parts = await ReadPartsAsync(binaries, configuration, stop);
        return [.. parts.SelectMany(part => part["paths"]!.AsObject()).Select(path => path.Key).Where(path => !routes.Forwards(path))];
    }

    private static Task<JsonObject[]> ReadPartsAsync(string binaries, string configuration, CancellationToken stop) =>
        Task.WhenAll(Services.Select(service => ReadPartAsync(Path.Combine(binaries, service, configuration, service + ".dll"), stop)));

    /// <summary>A service's part, as it writes it down itself.</summary>
    /// <param name="assembly">The service.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<JsonObject> ReadPartAsync(string assembly, CancellationToken stop)
    {
        var file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("dotnet", [assembly, $"--ApiDocument:Path={file}", .. Settings])
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
