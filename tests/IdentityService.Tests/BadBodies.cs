using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace PackRelay.IdentityService.Tests;

/// <summary>Sends what no route with a JSON body accepts, and checks that each is refused as documented.</summary>
internal static class BadBodies
{
    /// <summary>Malformed and misleading bodies of any route; each route's tests add those about its own members.</summary>
    /// <param name="client">Somebody who may call the route.</param>
    /// <param name="method">The route's method.</param>
    /// <param name="path">Its path.</param>
    /// <param name="member">A member that it reads, a text.</param>
    /// <param name="tooLong">Characters of that member with which the body is longer than the route reads.</param>
    public static async Task AssertRefusedAsync(HttpClient client, HttpMethod method, string path, string member, int tooLong = 100_000)
    {
        string[] bodies =
        [
            "", "{", "null", "[]", "\"text\"", "{} {}", "{}x", "\uFEFF{}", $$"""{"{{member}}":"a","{{member}}":"b"}""", $$"""{"{{member}}":7}""", $$"""{"{{member}}": {} }""",
            $$"""{"{{member}}":"a\u0000b"}""", $$"""{"{{member}}":"a\ud800b"}""", new string('[', 10_000),
        ];
        foreach (var body in bodies)
        {
            using var answer = await SendAsync(client, method, path, Encoding.UTF8.GetBytes(body));
            await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_json");
        }

        using var notUtf8 = await SendAsync(client, method, path, [.. "{\""u8, .. Encoding.ASCII.GetBytes(member), .. "\":\""u8, 0xFF, 0xFE, .. "\"}"u8]);
        await notUtf8.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_json");
        using var form = await SendAsync(client, method, path, "{}"u8.ToArray(), "application/x-www-form-urlencoded");
        await form.AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        using var huge = await SendAsync(client, method, path, Encoding.UTF8.GetBytes($$"""{"{{member}}":"{{new string('a', tooLong)}}"}"""));
        await huge.AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    public static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string json) =>
        SendAsync(client, method, path, Encoding.UTF8.GetBytes(json));

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, byte[] body, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return await client.SendAsync(request);
    }
}
