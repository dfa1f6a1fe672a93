using System.Net;
using System.Text.Json.Nodes;
using PackRelay.CatalogService.Reloaded.Packages;

namespace PackRelay.CatalogService.Tests.Reloaded.Packages;

public sealed class PackageSizeTests(ReloadedApi api) : IClassFixture<ReloadedApi>
{
    private const string Path = "/api/packages/";

    [Fact]
    public async Task Put_IntoAPackageThatIsFull_Is409_AndTheSameAgainIsNot()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        await FillAsync(id);
        var error = await PutAsync("1.1.0").RefusesAsync(HttpStatusCode.Conflict, "package_full", index: null);
        Assert.Contains("33554432 bytes", error.GetProperty("error").GetString(), StringComparison.Ordinal);
        await publisher.GetJsonAsync($"{Path}{id}/1.1.0").RefusesAsync(HttpStatusCode.NotFound, "not_found", index: null);
        using var same = await PutAsync("1.0.0");
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);

        Task<HttpResponseMessage> PutAsync(string version) => publisher.SendJsonAsync(HttpMethod.Put, $"{Path}{id}/{version}", ReloadedApi.Version().ToJsonString());
    }

    [Fact]
    public async Task Patch_OfAPackageThatIsFull_MayTellOfDeletionsAlone()
    {
        var (publisher, id) = (api.NewPublisher(), ReloadedApi.NewId());
        await publisher.PutPackageAsync(id);
        await FillAsync(id);
        await PatchAsync("""{"downloadInfo":[{"type":"NexusMods","uid":"1","fileSize":1,"xxhash3":1}]}""").RefusesAsync(HttpStatusCode.Conflict, "package_full", index: null);
        var deleted = (JsonArray)ReloadedApi.Version()["downloadInfo"]!.DeepClone();
        deleted[0]!["wasDeleted"] = true;
        using var told = await PatchAsync(new JsonObject { ["downloadInfo"] = deleted }.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, told.StatusCode);

        Task<HttpResponseMessage> PatchAsync(string body) => publisher.SendJsonAsync(HttpMethod.Patch, $"{Path}{id}/1.0.0", body);
    }

    private Task<int> FillAsync(string id) => api.ExecuteAsync(
        "UPDATE reloaded_versions v SET metadata_bytes = $1 - download_bytes FROM reloaded_packages p WHERE p.position = v.package AND p.id = $2", PackageSize.MaxBytes, id);
}
