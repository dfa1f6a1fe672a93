using System.IO.Compression;
using System.Net;
using System.Text.Json;

namespace PackRelay.Gateway.Tests.Answers;

public sealed class CompressionTests(CatalogAnswers api) : IClassFixture<CatalogAnswers>
{
    private static readonly string Json = JsonSerializer.Serialize(Enumerable.Range(0, 500));

    [Theory]
    [InlineData(null, "", "\"0123abcd\"")]
    [InlineData("gzip", "gzip", "\"0123abcd-gzip\"")]
    [InlineData("gzip, deflate, br", "br", "\"0123abcd-br\"")]
    [InlineData("br;q=0, zstd", "", "\"0123abcd\"")]
    public async Task Get_ByAcceptEncoding_HasATagOfItsOwnAndReadsTheSame(string? accept, string coding, string tag)
    {
        var (slug, path) = api.NewManifest(Json);
        for (var i = 0; i < 2; i++)
        {
            using var answer = await AskAsync(path, accept);
            Assert.Equal((HttpStatusCode.OK, coding, tag, "Accept-Encoding"), (answer.StatusCode, Header(answer, "Content-Encoding"), Header(answer, "ETag"), Header(answer, "Vary")));
            var body = await answer.Content.ReadAsByteArrayAsync();
            Assert.Equal(answer.Content.Headers.ContentLength, body.Length);
            Assert.Equal(Json, Decode(body, coding));
            Assert.Equal(coding.Length > 0, body.Length < Json.Length);
        }

        Assert.False(Assert.Single(api.Catalog.Of(slug)).Headers.ContainsKey("Accept-Encoding"));
    }

    [Fact]
    public async Task Get_WithTheTagOfACopy_Is304InEveryCoding()
    {
        var (_, path) = api.NewManifest(Json);
        foreach (var accept in (string?[])[null, "gzip", "br"])
        {
            using var answer = await AskAsync(path, accept, "\"0123abcd-br\"");
            Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Head_WithAcceptEncoding_HasTheLengthOfTheCopy()
    {
        var (_, path) = api.NewManifest(Json);
        using var get = await AskAsync(path, "gzip");
        using var request = GatewayApi.Request(HttpMethod.Head, path);
        request.Headers.Add("Accept-Encoding", "gzip");
        using var head = await api.SendAsync(request);
        Assert.Equal((get.Content.Headers.ContentLength, "gzip"), (head.Content.Headers.ContentLength, Header(head, "Content-Encoding")));
    }

    [Fact]
    public async Task Get_AListWithCredentials_IsCompressedAndTagged()
    {
        var path = $"/api/v1/packs/{GatewayApi.NewName()}/versions";
        api.Answer(path, Json);
        var (token, _) = api.Identity.NewToken();
        using var request = GatewayApi.Request(HttpMethod.Get, path, token);
        request.Headers.Add("Accept-Encoding", "br");
        using var answer = await api.SendAsync(request);
        Assert.Equal(Json, Decode(await answer.Content.ReadAsByteArrayAsync(), Header(answer, "Content-Encoding")));
        using var again = GatewayApi.Request(HttpMethod.Get, path, token);
        again.Headers.Add("If-None-Match", Header(answer, "ETag"));
        using var unchanged = await api.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Get_OfAShortAnswer_IsNotCompressed()
    {
        var (_, path) = api.NewManifest("{}");
        using var answer = await AskAsync(path, "br");
        Assert.Equal(("", "\"0123abcd\""), (Header(answer, "Content-Encoding"), Header(answer, "ETag")));
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string? accept, string? ifNoneMatch = null)
    {
        using var request = GatewayApi.Request(HttpMethod.Get, path);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", accept);
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await api.SendAsync(request);
    }

    private static string Decode(byte[] body, string coding)
    {
        using var source = new MemoryStream(body);
        using Stream decoded = coding switch
        {
            "br" => new BrotliStream(source, CompressionMode.Decompress),
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            _ => source,
        };
        using var reader = new StreamReader(decoded);
        return reader.ReadToEnd();
    }

    private static string Header(HttpResponseMessage answer, string name) => CatalogAnswers.Header(answer, name);
}
