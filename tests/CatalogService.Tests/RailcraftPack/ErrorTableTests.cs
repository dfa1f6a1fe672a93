using System.Net;
using System.Net.Http.Json;

namespace PackRelay.CatalogService.Tests.RailcraftPack;

/// <summary>Every row of the table of errors, on every endpoint where it can occur, at both paths and under every name; and in which order they are looked for.</summary>
public sealed class ErrorTableTests(RailcraftApi api) : IClassFixture<RailcraftApi>
{
    private static readonly (string Name, string? Value, int Result)[] Steps =
    [
        ("client_id", null, 3), ("client_secret", null, 4), ("client_secret", "wrong", 5), ("token", null, 7), ("token", "unknown", 12), ("token", "old-token", 6),
    ];

    public static TheoryData<string> PostPaths => [.. Page.Post.Append("get_file").SelectMany(name => new[] { $"/api/{name}/", $"/api/v1/{name}/", $"/api/{name}", $"/api/v1/{name}" })];

    public static TheoryData<string> GetPaths => [.. Page.Get.SelectMany(name => new[] { $"/api/{name}/", $"/api/v1/{name}/", $"/api/{name}", $"/api/v1/{name}" })];

    [Theory]
    [MemberData(nameof(PostPaths))]
    public async Task PostEndpoint_WithoutWhatItNeeds_SaysSoInTheOrderOfThePage(string path)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete })
        {
            using var request = new HttpRequestMessage(method, path);
            using var wrongMethod = await api.Plain.SendAsync(request);
            await FailsAsync(path, wrongMethod, 2);
        }

        // Nothing at all, then one thing more each time.
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var client = api.NewClient();
        await FailsAsync(path, await PostAsync(path, fields), 3);
        fields["client_id"] = client.Id;
        await FailsAsync(path, await PostAsync(path, fields), 4);
        fields["client_secret"] = "wrong";
        await FailsAsync(path, await PostAsync(path, fields), 5);
        fields["client_secret"] = client.Secret;
        await FailsAsync(path, await PostAsync(path, fields), 7);
        fields["token"] = "unknown";
        await FailsAsync(path, await PostAsync(path, fields), 12);
        fields["token"] = "old-token";
        await FailsAsync(path, await PostAsync(path, fields), 6);

        // One thing wrong each time, whatever comes behind it.
        foreach (var (name, value, result) in Steps)
        {
            var broken = client.Fields;
            if (value is null) broken.Remove(name);
            else broken[name] = value;
            await FailsAsync(path, await PostAsync(path, broken), result);
        }
    }

    [Theory]
    [MemberData(nameof(PostPaths))]
    public async Task PostEndpoint_WithoutIdentity_SaysErrorDuringInternalRequest(string path)
    {
        var client = api.NewClient();
        api.Identity.IsAway = true;
        try
        {
            await FailsAsync(path, await PostAsync(path, client.Fields), 8);
        }
        finally
        {
            api.Identity.IsAway = false;
        }
    }

    [Theory]
    [MemberData(nameof(PostPaths))]
    public async Task PostEndpoint_AfterTooManySecrets_SaysWhenToComeBack(string path)
    {
        var fields = api.NewClient().Fields;
        fields["client_secret"] = "too many";
        using var answer = await PostAsync(path, fields);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("17", Assert.Single(answer.Headers.GetValues("Retry-After")));
        Assert.Contains(Page.Errors[4], await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get_download_url", 11)] // of a pack that is not there
    [InlineData("get_ads", 15, "type", "gift")]
    [InlineData("ads", 15, "limit", "many")]
    [InlineData("post_ad", 15)]
    [InlineData("post_ad", 15, "type", "gift", "title", "a", "body", "b")]
    [InlineData("post_ad", 15, "type", "buy", "title", "a")]
    [InlineData("post_ad", 15, "type", "buy", "title", " ", "body", "b")]
    [InlineData("post_ad", 9, "id", "x", "type", "buy", "title", "a", "body", "b")]
    [InlineData("post_ad", 9, "id", "99999", "type", "buy", "title", "a", "body", "b")]
    [InlineData("bump_ad", 9)]
    [InlineData("bump_ad", 9, "id", "first")]
    [InlineData("bump_ad", 9, "id", "99999")]
    [InlineData("bump_ad", 9, "id", "99999999999999999999")]
    [InlineData("delete_ad", 9)]
    [InlineData("delete_ad", 9, "id", "1.5")]
    [InlineData("delete_ad", 9, "id", "99999")]
    public async Task PostEndpoint_WithGoodCredentials_SaysWhatIsWrongWithTheRest(string endpoint, int result, params string[] more)
    {
        var fields = api.NewClient().Fields;
        fields["pack"] = "nobody-has-this";
        foreach (var pair in more.Chunk(2)) fields[pair[0]] = pair[1];
        using var answer = await PostAsync($"/api/{endpoint}/", fields);
        await answer.EnvelopeAsync(result);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.BadRequest, "ID is required")]
    [InlineData("", HttpStatusCode.BadRequest, "ID is required")]
    [InlineData("first", HttpStatusCode.BadRequest, "ID is required")]
    [InlineData("99999", HttpStatusCode.NotFound, "File not found")]
    [InlineData("-1", HttpStatusCode.NotFound, "File not found")]
    public async Task GetFile_WithoutAnIdThatIs_SaysSoInPlainText(string? id, HttpStatusCode status, string text)
    {
        using var answer = await api.NewClient().PostAsync("get_file", id is null ? [] : [("id", id)]);
        await answer.FailsAsTextAsync(status, text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"client_id":{"a":1},"client_secret":[],"token":null}""")]
    [InlineData("""{"client_id":"\ud800"}""")]
    public async Task Body_ThatCannotBeRead_HasNoFields(string body)
    {
        foreach (var type in new[] { "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "text/plain" })
        {
            using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await api.Plain.PostAsync("/api/get_ads/", content);
            await answer.EnvelopeAsync(3);
        }
    }

    [Fact]
    public async Task Body_OverTheLimit_IsRefused()
    {
        using var content = new StringContent("client_id=" + new string('a', 70_000), System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        await api.Plain.PostAsync("/api/get_ads/", content).FailsAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Theory]
    [InlineData("client_id")]
    [InlineData("client_secret")]
    [InlineData("token")]
    [InlineData("pack")]
    [InlineData("patch_from")]
    [InlineData("opt_mods[]")]
    [InlineData("type")]
    [InlineData("title")]
    [InlineData("body")]
    [InlineData("id")]
    [InlineData("limit")]
    public async Task Field_WithOddValues_IsNoFaultOfTheHub(string field)
    {
        foreach (var odd in new[] { "\0", "a\0b", new string('a', 3_000), "🦊", "\uFFFD", "-1", "99999999999999999999", "' OR 1=1 --", "%00", "1e9" })
        {
            foreach (var endpoint in Page.Post.Append("get_file"))
            {
                var fields = api.NewClient().Fields;
                fields["type"] = "buy";
                fields["title"] = "a title";
                fields["body"] = "a body";
                fields[field] = odd;
                using var answer = await PostAsync($"/api/{endpoint}/", fields);
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True((int)answer.StatusCode < 500 && !text.Contains(Page.Errors[0], StringComparison.Ordinal), $"{endpoint} {field}={odd}: {(int)answer.StatusCode} {text}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(GetPaths))]
    public async Task GetEndpoint_ByGetAndByPost_GivesTheSame(string path)
    {
        using var read = await api.Plain.GetAsync(path);
        using var head = await api.Plain.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        foreach (var content in new HttpContent?[] { null, new FormUrlEncodedContent([]), JsonContent.Create(new { }) })
        {
            using var posted = await api.Plain.PostAsync(path, content);
            Assert.Equal(await read.Content.ReadAsStringAsync(), await posted.Content.ReadAsStringAsync());
        }

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        await read.EnvelopeAsync(path.Contains("current", StringComparison.Ordinal) ? 11 : 0);
        Assert.Equal("no-store", read.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task GetError_WithAndWithoutANumber_GivesOneTextOrAll()
    {
        for (var number = 1; number <= 15; number++)
        {
            using var one = await api.Plain.GetAsync($"/api/get_error/?error_code={number}");
            Assert.Equal(Page.Errors[number - 1], (await one.EnvelopeAsync(0)).GetProperty("error_message").GetString());
        }

        foreach (var unknown in new[] { "0", "16", "-1", "x", "1.5", "99999999999999999999" })
        {
            using var none = await api.Plain.GetAsync($"/api/get_error/?error_code={unknown}");
            Assert.Equal("", (await none.EnvelopeAsync(0)).GetProperty("error_message").GetString());
        }

        using var all = await api.Plain.PostAsync("/api/errors/", content: null);
        Assert.Equal(Page.Errors, (await all.EnvelopeAsync(0)).GetProperty("error_message").EnumerateArray().Select(text => text.GetString()));
    }

    private Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields) => api.Plain.PostAsync(path, new FormUrlEncodedContent(fields));

    private static async Task FailsAsync(string path, HttpResponseMessage answer, int result)
    {
        if (!path.Contains("get_file", StringComparison.Ordinal))
        {
            await answer.EnvelopeAsync(result);
            return;
        }

        var status = result switch
        {
            2 => HttpStatusCode.MethodNotAllowed,
            5 or 6 or 12 => HttpStatusCode.Forbidden,
            8 => HttpStatusCode.ServiceUnavailable,
            _ => HttpStatusCode.BadRequest,
        };
        await answer.FailsAsTextAsync(status, Page.Errors[result - 1]);
    }
}
