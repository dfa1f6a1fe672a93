using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.ServiceDefaults.Tests.Errors;

public sealed class ErrorsFeatureTests : IAsyncLifetime
{
    private TestApp app = null!;

    public async Task InitializeAsync() => app = await TestApp.StartAsync(routes =>
    {
        routes.MapGet("/bug", IResult () => throw new InvalidOperationException("secret detail"));
        routes.MapGet("/database-away", IResult () => throw new NpgsqlException("secret detail", new IOException()));
        routes.MapGet("/service-away", IResult () => throw new HttpRequestException("secret detail"));
        routes.MapGet("/redis-away", IResult () => throw new RedisUnavailableException("secret detail"));
        routes.MapGet("/too-large", IResult () => throw new BadHttpRequestException("secret detail", StatusCodes.Status413PayloadTooLarge));
    });

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("/bug", HttpStatusCode.InternalServerError, ErrorCodes.InternalError)]
    [InlineData("/database-away", HttpStatusCode.ServiceUnavailable, ErrorCodes.Unavailable)]
    [InlineData("/service-away", HttpStatusCode.ServiceUnavailable, ErrorCodes.Unavailable)]
    [InlineData("/redis-away", HttpStatusCode.ServiceUnavailable, ErrorCodes.Unavailable)]
    [InlineData("/too-large", HttpStatusCode.RequestEntityTooLarge, ErrorCodes.TooLarge)]
    [InlineData("/nowhere", HttpStatusCode.NotFound, ErrorCodes.NotFound)]
    public async Task Failure_IsTheEnvelopeAndTellsNothingInternal(string path, HttpStatusCode status, string code)
    {
        var answer = await app.ClientOf().GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<ApiError.Envelope>())?.Code);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outage_SaysWhenToComeBack() =>
        Assert.Equal(TimeSpan.FromSeconds(2), (await app.ClientOf().GetAsync("/database-away")).Headers.RetryAfter?.Delta);

    [Fact]
    public async Task WrongMethod_Is405()
    {
        var answer = await app.ClientOf().DeleteAsync("/bug");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(ErrorCodes.MethodNotAllowed, (await answer.Content.ReadFromJsonAsync<ApiError.Envelope>())?.Code);
    }
}
