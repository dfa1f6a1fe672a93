using System.Net;

namespace PackRelay.Gateway.Tests.Forwarding;

public sealed class BodyLimitTests : IClassFixture<GatewayApi>
{
    private const int Mebibyte = 1024 * 1024;

    private readonly GatewayApi api;

    private long received;

    public BodyLimitTests(GatewayApi api)
    {
        this.api = api;
        api.Catalog.Handler = async context =>
        {
            var buffer = new byte[64 * 1024];
            var total = 0L;
            for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;) total += read;
            received = total;
        };
    }

    [Theory]
    [InlineData("POST", "/api/v1/packs", 1, false)]
    [InlineData("POST", "/api/v1/packs", 1, true)]
    [InlineData("POST", "/api/v1/packs/a/versions", 9, false)]
    [InlineData("POST", "/api/v1/packs/a/versions", 9, true)]
    [InlineData("PUT", "/api/v1/files/put", 128, true)]
    [InlineData("POST", "/api/v1/files/multipart/part", 100, true)]
    public async Task Forward_BodyOfTheLimit_PassesAndOneByteMoreIs413(string method, string path, int mebibytes, bool isChunked)
    {
        using var passed = await SendAsync(method, path, (long)mebibytes * Mebibyte, isChunked);
        Assert.Equal((HttpStatusCode.OK, (long)mebibytes * Mebibyte), (passed.StatusCode, received));

        using var refused = await SendAsync(method, path, ((long)mebibytes * Mebibyte) + 1, isChunked);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), await GatewayApi.ErrorOf(refused));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forward_BodyFarOverTheLimit_IsAnswered413(bool isChunked)
    {
        using var refused = await SendAsync("POST", "/api/v1/packs", 10 * Mebibyte, isChunked);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), await GatewayApi.ErrorOf(refused));
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, long bytes, bool isChunked)
    {
        using var request = GatewayApi.Request(new HttpMethod(method), path);
        request.Content = new StreamContent(new MemoryStream(new byte[bytes]));
        request.Headers.TransferEncodingChunked = isChunked;
        return await api.SendAsync(request);
    }
}
