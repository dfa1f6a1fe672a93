using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace PackRelay.CatalogService.Tests.Reloaded;

/// <summary>Brings the hub to know what the examples of the dialect's document show.</summary>
internal static class SeedExamples
{
    public const string Royal = "reloaded3.gamesupport.persona5royal.s56";

    public const string Hooks = "reloaded3.utility.reloadedhooks.s56";

    /// <summary>The examples' reports: those that it works, and those that it does not.</summary>
    public const int Successes = 42, Failures = 3;

    public static async Task LoadAsync(ReloadedApi api)
    {
        using var publisher = api.NewPublisher();
        await api.PutGameAsync("persona5royal", 5295466, 1, 2);
        await api.PutGameAsync("SonicHeroes", 5256, 0, 1, 2);
        var downloads = JsonNode.Parse(ReloadedApi.Example("download-info"))!.AsArray();
        foreach (var metadata in JsonNode.Parse(ReloadedApi.Example("metadata"))!.AsArray())
            await PutAsync(publisher, metadata!.AsObject(), downloads.FirstOrDefault(one => (string?)one!["packageId"] == (string?)metadata["packageId"] && (string?)one["version"] == (string?)metadata["version"]));
        foreach (var download in downloads.Where(one => (string?)one!["version"] == "1.1.0")) await PutAsync(publisher, new JsonObject { ["packageId"] = Royal, ["version"] = "1.1.0", ["packageToml"] = "" }, download);
        foreach (var (of, translations) in JsonNode.Parse(ReloadedApi.Example("translations"))!.AsObject())
        {
            foreach (var translation in translations!.AsArray())
            {
                await publisher.PutPackageAsync((string)translation!["packageId"]!, change: body =>
                {
                    body["translationOf"] = of;
                    body["languageCode"] = (string?)translation["languageCode"];
                    body["friendlyName"] = (string?)translation["friendlyName"];
                });
            }
        }

        var report = JsonNode.Parse(ReloadedApi.Example("report"))!;
        for (var i = 0; i < Successes + Failures; i++)
        {
            if (i == Successes) report["success"] = false;
            await api.Anonymous.PostJsonAsync("/api/compatibility", report.ToJsonString(), string.Create(CultureInfo.InvariantCulture, $"192.0.2.{i}")).JsonAsync();
        }
    }

    private static async Task PutAsync(HttpClient publisher, JsonObject metadata, JsonNode? download)
    {
        var body = ReloadedApi.Version();
        foreach (var name in new[] { "packageToml", "configToml", "languageFiles" })
            if (metadata[name] is { } member) body[name] = member.DeepClone();
        if ((string)body["packageToml"]! == "") body["packageToml"] = $"Id = \"{Royal}\"";
        foreach (var name in new[] { "updateSourceData", "downloadInfo", "deltaUpdates" })
            if (download?[name] is { } member) body[name] = member.DeepClone();
        if (download is null) body["downloadInfo"] = JsonNode.Parse("""[{ "type": "GameBanana", "idRow": 610900, "fileSize": 1, "xxhash3": 1 }]""");
        using var answer = await publisher.SendJsonAsync(HttpMethod.Put, $"/api/packages/{metadata["packageId"]}/{metadata["version"]}", body.ToJsonString());
        Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }
}
