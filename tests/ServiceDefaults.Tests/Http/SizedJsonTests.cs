using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.Tests.Http;

public sealed class SizedJsonTests : IAsyncLifetime
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("“ä€", 100_000));

    private TestApp app = null!;

    public async Task InitializeAsync() => app = await TestApp.StartAsync(routes =>
    {
        routes.MapRead("/short", () => TypedResults.Ok(new Said("“ä€", null)));
        routes.MapRead("/long", () => TypedResults.Ok(new Said(Long, 1)));
        routes.MapRead("/created", () => TypedResults.Created("/there", new Said("x", null)));
        routes.MapRead("/refused", () => ApiError.Conflict("too_late", "it is too late"));
        routes.MapRead("/nothing", () => TypedResults.NoContent());
        routes.MapRead("/text", () => TypedResults.Text("text"));
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("/short", HttpStatusCode.OK, """{"text":"“ä€","number":null}""")]
    [InlineData("/refused", HttpStatusCode.Conflict, """{"error":"it is too late","code":"too_late"}""")]
    public async Task Answer_SaysItsLength(string path, HttpStatusCode status, string body)
    {
        using var answer = await app.ClientOf().GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(Encoding.UTF8.GetByteCount(body), answer.Content.Headers.ContentLength); // said before the body was read
        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Answer_OfAMegabyte_IsWhole()
    {
        using var answer = await app.ClientOf().GetAsync("/long", HttpCompletionOption.ResponseHeadersRead);
        var body = $$"""{"text":"{{Long}}","number":1}""";
        Assert.Equal(Encoding.UTF8.GetByteCount(body), answer.Content.Headers.ContentLength);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task OtherAnswers_StayAsTheyAre()
    {
        using var created = await app.ClientOf().GetAsync("/created");
        Assert.Equal((HttpStatusCode.Created, "/there"), (created.StatusCode, created.Headers.Location?.ToString()));
        using var nothing = await app.ClientOf().GetAsync("/nothing");
        Assert.Equal(HttpStatusCode.NoContent, nothing.StatusCode);
        Assert.Equal("text", await app.ClientOf().GetStringAsync("/text"));
    }

    private sealed record Said(string Text, int? Number);
}
