using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.ServiceDefaults.Reloaded;

namespace PackRelay.CatalogService.Tests.Reloaded.Formats;

public sealed class NegotiatedAnswersTests : IDisposable
{
    private readonly Zstd zstd = new();

    public void Dispose() => zstd.Dispose();

    [Theory]
    [InlineData(AnswerForm.MessagePack, null, AnswerForm.MessagePack, true)]
    [InlineData(AnswerForm.Json, null, AnswerForm.Json, false)]
    [InlineData(AnswerForm.Json, "*/*", AnswerForm.Json, false)]
    [InlineData(AnswerForm.Json, "application/msgpack", AnswerForm.MessagePack, true)]
    [InlineData(AnswerForm.MessagePack, "application/json", AnswerForm.Json, false)]
    [InlineData(AnswerForm.Json, "application/json;q=0", AnswerForm.MessagePack, true)]
    [InlineData(AnswerForm.Json, "application/json;q=0, application/msgpack;q=0", AnswerForm.Json, false)]
    [InlineData(AnswerForm.Json, "application/msgpack;q=0", AnswerForm.Json, false)]
    public void DefaultFormat_OfTheSettings_IsForThoseWhoDoNotSay(AnswerForm byDefault, string? accept, AnswerForm form, bool isCompressed)
    {
        var context = new DefaultHttpContext();
        if (accept is not null) context.Request.Headers.Accept = accept;
        Assert.True(new AnswerFormats(Options.Create(new AnswerFormatOptions { DefaultFormat = byDefault })).TryChoose(context.Request, out var format));
        Assert.Equal(new AnswerFormat(form, isCompressed), format);
    }

    [Fact]
    public async Task Outage_OfAnotherPart_IsAnsweredInTheFormatAskedFor()
    {
        var (context, json) = await AnswerAsync("json", () => throw new HttpRequestException("away"));
        Assert.Equal((503, "2", "no-store"), (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString(), context.Response.Headers.CacheControl.ToString()));
        Assert.Equal("unavailable", JsonSerializer.Deserialize<JsonElement>(json).GetProperty("code").GetString());
        var (_, packed) = await AnswerAsync("msgpack", () => throw new HttpRequestException("away"));
        Assert.Equal(Expansion.Whole, zstd.TryExpand(packed, 10_000, out var plain));
        Assert.True(MessagePackToJson.TryConvert(plain, out var same, out _));
        Assert.Equal(json, same);
    }

    [Fact]
    public async Task Bug_OfOurs_GoesOnToTheServicesOwnHandling() => await Assert.ThrowsAsync<InvalidOperationException>(() => AnswerAsync("json", () => throw new InvalidOperationException("a bug")));

    private async Task<(HttpContext Context, byte[] Body)> AnswerAsync(string format, Func<object?> handler)
    {
        var body = new MemoryStream();
        var (formats, form) = (new AnswerFormats(Options.Create(new AnswerFormatOptions())), new MessagePackForm());
        await using var services = new ServiceCollection().AddSingleton(new NegotiatedErrors(formats, form)).BuildServiceProvider();
        var context = new DefaultHttpContext { Request = { Path = "/api/packages/metadata" }, Response = { Body = body }, RequestServices = services };
        context.Request.QueryString = new QueryString("?format=" + format);
        var filter = new NegotiatedAnswers(formats, form, zstd, new AnswerBuffers());
        var result = await filter.InvokeAsync(new DefaultEndpointFilterInvocationContext(context), _ => ValueTask.FromResult(handler()));
        await Assert.IsAssignableFrom<IResult>(result).ExecuteAsync(context);
        return (context, body.ToArray());
    }
}
