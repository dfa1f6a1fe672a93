using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.Tests.Http;

public sealed class JsonProblemTests : IAsyncLifetime
{
    private TestApp app = null!;

    internal sealed record Request(
        string Name, string Game, int? Count = null, IReadOnlyList<string>? Tags = null, Role? Role = null, PatchField<bool> Enabled = default, DateTimeOffset? Since = null);

    public async Task InitializeAsync() => app = await TestApp.StartAsync(routes => routes.MapPost("/", async (JsonBody<Request> body, CancellationToken stop) =>
    {
        var read = await body.ReadAsync(stop);
        return read.TryGet(out var request, out var error) ? (IResult)TypedResults.Ok(request.Name) : error;
    }));

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Theory]
    [InlineData("", "the body is empty; this route needs a JSON object")]
    [InlineData("[]", "the body must be a JSON object")]
    [InlineData("{}", "name, game: missing")]
    [InlineData("""{"name":"a"}""", "game: missing")]
    [InlineData("{\n \"name\": oops}", "the body is not valid JSON, at line 2, byte 10")]
    [InlineData("""{"name":"a","name":"b","game":"g"}""", "the body is not strict JSON: a member appears twice, or a character is broken")]
    [InlineData("""{"name":null,"game":"g"}""", "name: must not be null")]
    [InlineData("""{"name":5,"game":"g"}""", "name: must be text without U+0000")]
    [InlineData("""{"name":"a\u0000","game":"g"}""", "name: must be text without U+0000")]
    [InlineData("""{"name":"a","game":"g","count":"16"}""", "count: must be a whole number in its range")]
    [InlineData("""{"name":"a","game":"g","tags":"x,y"}""", "tags: must be a list")]
    [InlineData("""{"name":"a","game":"g","tags":["x",7]}""", "tags[1]: must be text without U+0000")]
    [InlineData("""{"name":"a","game":"g","role":"king"}""", "role: must be one of player, server_owner, admin")]
    [InlineData("""{"name":"a","game":"g","enabled":"no"}""", "enabled: must be true or false")]
    [InlineData("""{"name":"a","game":"g","since":"yesterday"}""", "since: must be a time like 2026-01-02T03:04:05Z")]
    public async Task Refusal_NamesTheMemberAndWhatItMustBe(string body, string text)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/json") } };
        var answer = await app.ClientOf().PostAsync("/", content);

        Assert.Equal(text, (await answer.Content.ReadFromJsonAsync<ApiError.Envelope>())?.Error);
    }
}
