using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PackRelay.EndToEnd.Tests.Documents;
using PackRelay.Testing;
using static PackRelay.EndToEnd.Tests.Publisher;

namespace PackRelay.EndToEnd.Tests.Faults;

/// <summary>kill -9 of the catalog while a part of an upload is on its way.</summary>
public sealed class InterruptedUploadTests(Hub hub) : FaultTests(hub)
{
    private const string Route = "/api/v1/files/multipart";

    [Fact]
    public async Task Part_CatalogKilledInItsMiddle_TheUploadGoesOnWithWhatWasAcknowledged()
    {
        var publisher = await Hub.PublisherAsync();
        var content = RandomNumberGenerator.GetBytes(12_000_000);
        var (first, second) = (content[..4_000_000], content[4_000_000..]);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var pathname = $"packs/files/{sha256}";
        var uploadId = (string)(await ExpectAsync(HttpStatusCode.OK, publisher.Client.PostAsJsonAsync($"{Route}/init", new { pathname })))["uploadId"]!;
        var part = $"{Route}/part?pathname={pathname}&uploadId={uploadId}&partNumber=";
        var acknowledged = await ExpectAsync(HttpStatusCode.OK, publisher.Client.PostAsync(part + "1", new ByteArrayContent(first)));

        using var half = new HalfABody(second);
        var interrupted = SendAsync(publisher.Client, part + "2", half);
        await Wait.UntilAsync(() => new DirectoryInfo(Hub.Incoming).EnumerateFiles().Any(file => file.Length > 0), "the catalog writes the part down");
        var before = await Hub.KillAsync("catalog");
        half.GoOn();
        Assert.False(await interrupted, "the part was acknowledged by a process that is dead");

        var listed = JsonNode.Parse(await (await Hub.RetryAsync(() => publisher.Client.GetAsync($"{Route}?uploadId={uploadId}"), "the upload is there again")).Content.ReadAsStringAsync())!;
        Assert.NotEqual(before, await Hub.ProcessIdAsync("catalog"));
        Assert.Equal("open", (string?)listed["status"]);
        Assert.Equal($$"""[{"partNumber":1,"etag":"{{acknowledged["etag"]}}","size":4000000}]""", listed["parts"]!.ToJsonString());
        await Wait.UntilAsync(() => !new DirectoryInfo(Hub.Incoming).EnumerateFiles().Any(), "what was half written is gone");

        var again = await ExpectAsync(HttpStatusCode.OK, publisher.Client.PostAsync(part + "2", new ByteArrayContent(second)));
        var parts = new[] { new { etag = (string?)acknowledged["etag"], partNumber = 1 }, new { etag = (string?)again["etag"], partNumber = 2 } };
        var file = await ExpectAsync(HttpStatusCode.OK, publisher.Client.PostAsJsonAsync($"{Route}/complete", new { pathname, uploadId, parts }));
        Assert.Equal(content.Length, (int?)file["size"]);
        using var anyone = HubClient.Create(Hub.Gateway);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(await anyone.GetByteArrayAsync($"/api/v1/files/{sha256}"))));
    }

    /// <summary>Whether it was acknowledged; any other answer must be one that says to come again.</summary>
    private static async Task<bool> SendAsync(HttpClient client, string path, HttpContent body)
    {
        try
        {
            using var answer = await client.PostAsync(path, body);
            if (answer.IsSuccessStatusCode) return true;
            Assert.True(answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout, $"{answer.StatusCode}");
            return false;
        }
        catch (HttpRequestException)
        {
            return false; // the gateway answered and hung up before it had the whole body
        }
    }
}
