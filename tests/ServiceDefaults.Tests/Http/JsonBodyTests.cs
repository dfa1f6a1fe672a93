using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.Tests.Http;

public sealed class JsonBodyTests : IAsyncLifetime
{
    private TestApp app = null!;

    internal sealed record Request(string Name, int? Count = null, IReadOnlyList<string>? Tags = null);

    public async Task InitializeAsync() => app = await TestApp.StartAsync(routes => routes.MapPost("/", async (JsonBody<Request> body, CancellationToken stop) =>
    {
        var read = await body.ReadAsync(stop, limitBytes: 1_000);
        return read.TryGet(out var request, out var error) ? (IResult)TypedResults.Ok(request) : error;
    }));

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Read_StrictBody_GivesTheRecord()
    {
        var answer = await PostAsync("""{"name":"a","count":3,"tags":["x"],"unknown":{"deep":[1]}}"""u8.ToArray());

        Assert.Equal("""{"name":"a","count":3,"tags":["x"]}""", await answer.Content.ReadAsStringAsync());
    }

    public static TheoryData<string> BadJson => new()
    {
        "", "null", "[]", "\"text\"", "{", "{}", """{"name":null}""", """{"name":1}""", """{"name":"a","count":"3"}""", """{"name":"a","count":1.5}""",
        """{"name":"a","count":99999999999}""", """{"name":"a","name":"b"}""", """{"name":"a"} x""", """{"name":"a"}{}""", """{"name":"a",}""", """{'name':'a'}""",
        """{"name":"a"/* comment */}""", """{"name":"a\u0000b"}""", """{"name":"\ud800"}""", """{"name":"a","tags":"b"}""",
        """{"name":"a","x":1,"x":2}""", """{"name":"a","x":{"y":1,"y":2}}""", """{"name":"a","x":"\ud800"}""", """{"name":"a","\ud800":1}""",
        """{"Name":"a"}""", "\uFEFF{\"name\":\"a\"}", """{"name":"a","count":NaN}""", """{"name":"a","count":1e999}""", """{"name":"a","x":""" + new string('[', 400) + new string(']', 400) + "}",
    };

    [Theory]
    [MemberData(nameof(BadJson))]
    public async Task Read_AnythingElse_Is400WithTheCode(string json) =>
        await AssertErrorAsync(await PostAsync(Encoding.UTF8.GetBytes(json)), HttpStatusCode.BadRequest, ErrorCodes.InvalidJson);

    [Theory]
    [InlineData("{\"name\":\"")]
    [InlineData("{\"name\":\"a\",\"unknown\":\"")]
    public async Task Read_InvalidUtf8_Is400(string before) =>
        await AssertErrorAsync(await PostAsync([.. Encoding.UTF8.GetBytes(before), 0xC3, 0x28, .. "\"}"u8]), HttpStatusCode.BadRequest, ErrorCodes.InvalidJson);

    [Fact]
    public async Task Read_Utf16_Is400() =>
        await AssertErrorAsync(await PostAsync(Encoding.Unicode.GetBytes("{\"name\":\"a\"}")), HttpStatusCode.BadRequest, ErrorCodes.InvalidJson);

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/jsonish")]
    public async Task Read_OtherContentType_Is415(string? contentType) =>
        await AssertErrorAsync(await PostAsync("{\"name\":\"a\"}"u8.ToArray(), contentType), HttpStatusCode.UnsupportedMediaType, ErrorCodes.UnsupportedMediaType);

    [Fact]
    public async Task Read_NoBodyAtAll_Is400() =>
        await AssertErrorAsync(await app.ClientOf().PostAsync("/", content: null), HttpStatusCode.BadRequest, ErrorCodes.InvalidJson);

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/merge-patch+json")]
    public async Task Read_JsonContentTypes_AreRead(string contentType) =>
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("{\"name\":\"a\"}"u8.ToArray(), contentType)).StatusCode);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_OverTheLimit_Is413(bool knownLength)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"name":"{{new string('a', 1_000)}}"}""");
        using HttpContent content = knownLength ? new ByteArrayContent(body) : new StreamContent(new UnseekableStream(body));
        content.Headers.ContentType = new("application/json");

        await AssertErrorAsync(await app.ClientOf().PostAsync("/", content), HttpStatusCode.RequestEntityTooLarge, ErrorCodes.TooLarge);
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string? contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return await app.ClientOf().PostAsync("/", content);
    }

    private static async Task AssertErrorAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<ApiError.Envelope>())?.Code);
    }

    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
