using System.Net;
using Microsoft.AspNetCore.Http;
using PackRelay.Testing;

namespace PackRelay.Gateway.Tests.Answers;

/// <summary>Many who ask for the same at the same time.</summary>
public sealed class SharedFillTests(CatalogAnswers api) : IClassFixture<CatalogAnswers>
{
    [Fact]
    public async Task Get_ManyAtOnce_AsksTheServiceOnce()
    {
        var (slug, path) = api.NewManifest();
        var gate = Hold(path, "{\"a\":1}");
        var reads = Enumerable.Range(0, 20).Select(_ => api.ReadAsync(path)).ToList();
        await Wait.UntilAsync(() => api.Catalog.Of(slug).Length > 0, "the service is asked");
        gate.SetResult();
        Assert.All(await Task.WhenAll(reads), body => Assert.Equal("{\"a\":1}", body));
        Assert.Single(api.Catalog.Of(slug));
    }

    [Fact]
    public async Task Get_ManyAtOnceOfWhatIsNotThere_AllGetTheirAnswer()
    {
        var (slug, path) = api.NewManifest();
        var gate = Hold(path, "{\"error\":\"no\",\"code\":\"not_found\"}", status: 404);
        var reads = Enumerable.Range(0, 10).Select(_ => api.GetAsync(path)).ToList();
        await Wait.UntilAsync(() => api.Catalog.Of(slug).Length > 0, "the service is asked");
        gate.SetResult();
        foreach (var answer in await Task.WhenAll(reads))
        {
            Assert.Equal((HttpStatusCode.NotFound, "not_found"), await GatewayApi.ErrorOf(answer));
            answer.Dispose();
        }
    }

    [Fact]
    public async Task Get_WhoAskedFirstGoesAway_TheOthersGetTheirAnswer()
    {
        var (slug, path) = api.NewManifest();
        var gate = Hold(path, "{\"a\":1}");
        using var impatience = new CancellationTokenSource();
        using var client = api.CreateClient();
        var first = client.GetAsync(path, impatience.Token);
        await Wait.UntilAsync(() => api.Catalog.Of(slug).Length == 1, "the service is asked");
        var others = Enumerable.Range(0, 5).Select(_ => api.ReadAsync(path)).ToList();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Wait.UntilAsync(() => api.Catalog.Of(slug).Length == 2, "another asks");
        gate.SetResult();
        Assert.All(await Task.WhenAll(others), body => Assert.Equal("{\"a\":1}", body));
    }

    [Fact]
    public async Task Get_OfAnAnswerThatBreaksOff_IsAnErrorAndIsNotKept()
    {
        var (_, path) = api.NewManifest();
        api.Answer(path, async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 100;
            context.Response.Headers.ETag = "\"half\"";
            context.Response.Headers.CacheControl = CatalogAnswers.Immutable;
            await context.Response.WriteAsync("{\"half");
            context.Abort();
        });
        for (var i = 0; i < 2; i++)
        {
            using var answer = await api.GetAsync(path);
            Assert.Equal((HttpStatusCode.BadGateway, "bad_gateway"), await GatewayApi.ErrorOf(answer));
            Assert.Equal(("no-store", ""), (CatalogAnswers.Header(answer, "Cache-Control"), CatalogAnswers.Header(answer, "ETag")));
        }

        api.Answer(path, "{}", CatalogAnswers.Immutable);
        Assert.Equal("{}", await api.ReadAsync(path));
    }

    [Fact]
    public async Task Get_AList_IsAskedForAgainWhenItsLifeIsOver()
    {
        var name = GatewayApi.NewName();
        api.Answer("/api/v1/servers", "{}");
        await Wait.UntilAsync(
            async () =>
            {
                await api.ReadAsync($"/api/v1/servers?q={name}");
                return api.Catalog.Of(name).Length > 2;
            },
            "the list is asked for again and again");
    }

    private TaskCompletionSource Hold(string path, string json, int status = 200)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        api.Answer(path, async context =>
        {
            await gate.Task.WaitAsync(TimeSpan.FromSeconds(60));
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            context.Response.Headers.CacheControl = CatalogAnswers.Immutable;
            await context.Response.WriteAsync(json);
        });
        return gate;
    }
}
