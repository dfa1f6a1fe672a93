using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.Testing.Http;


namespace PackRelay.CatalogService.Tests.Reloaded;

/// <summary>Each route in all mixtures of request and answer format; MessagePack and Zstandard are written and read by independent implementations.</summary>
public sealed class FormatsTests(FormatsTests.Loaded fixture) : IClassFixture<FormatsTests.Loaded>
{
    private static readonly string[] Sent = ["json", "json+gzip", "json+zstd", "msgpack", "msgpack+gzip", "msgpack+zstd", "x-msgpack"];

    private static readonly string[] Asked = ["", "json", "?json", "msgpack", "msgpack plain", "?msgpack"];

    /// <summary>Every route of the dialect, with a body or none; errors too.</summary>
    private static readonly (string Method, string Path, string? Body)[] Requests =
    [
        ("POST", "/api/compatibility", ReloadedApi.Example("report")),
        ("POST", "/api/compatibility", """{"packageId":"a.b","packageVersion":"1.0.0","gameId":"none","gameVersionId":1}"""),
        ("POST", "/api/compatibility/batch", ReloadedApi.Example("reports")),
        ("POST", "/api/compatibility/batch", "[]"),
        ("GET", $"/api/compatibility?packageId={SeedExamples.Royal}&packageVersion=1.0.1&gameId=persona5royal&gameVersionId=1", null),
        ("GET", $"/api/compatibility?packageId={SeedExamples.Royal}", null),
        ("GET", "/api/compatibility", null),
        ("GET", "/api/steamgriddb/search/icon/persona5royal?includeLogos=true&includeGrids=true", null),
        ("GET", "/api/steamgriddb/search/banner-square/5256?nsfw=any", null),
        ("GET", "/api/steamgriddb/search/banner-horizontal/SonicHeroes", null),
        ("GET", "/api/steamgriddb/search/banner-vertical/SonicHeroes", null),
        ("GET", "/api/steamgriddb/search/banner-vertical/unknown", null),
        ("POST", "/api/packages/metadata", ReloadedApi.Example("metadata-request")),
        ("POST", "/api/packages/metadata", """[{"packageId":"Upper"}]"""),
        ("POST", "/api/packages/metadata-fromhash", ReloadedApi.Example("metadata-fromhash-request")),
        ("POST", "/api/packages/check-updates", ReloadedApi.Example("check-updates-request")),
        ("POST", "/api/packages/check-updates-fromhash", """[{"packageIdHash":"ff900b821c9f5e89","version":"2.3.0"}]"""),
        ("POST", "/api/packages/translations", ReloadedApi.Example("translations-request")),
        ("POST", "/api/packages/download-info", ReloadedApi.Example("download-info-request")),
        ("POST", "/api/packages/download-info-fromhash", """[{"packageIdHash":"ff900b821c9f5e89"}]"""),
        ("GET", $"/api/packages/{SeedExamples.Hooks}/2.3.0", null),
        ("GET", $"/api/packages/{SeedExamples.Hooks}/9.9.9", null),
        ("GET", "/api/games", null),
        ("PUT", "/api/games/Sonic-Mania", """{"name":"Sonic Mania","steamGridDbGameId":4,"versions":[{"id":4294967295,"friendlyName":"ソニック"}]}"""),
        ("PUT", "/api/packages/format.mod.a.s56/1.0.0", ReloadedApi.Version().ToJsonString()),
        ("PATCH", "/api/packages/format.mod.a.s56/1.0.0", """{"downloadInfo":[{"type":"NexusMods","uid":"18446744073709551615","fileSize":9223372036854775807,"xxhash3":18446744073709551615}]}"""),
    ];

    [Fact]
    public async Task EachRoute_InAllMixturesOfFormats_SaysTheSame()
    {
        var packed = await NodeMessagePack.EncodeAsync(Requests.Select(request => request.Body ?? "null"));
        using var admin = fixture.Api.NewPublisher(PackRelay.ServiceDefaults.Callers.Role.Admin);
        var answers = new List<(string What, string Wanted, byte[] Bytes, bool IsZstd)>();
        for (var i = 0; i < Requests.Length; i++)
        {
            var (method, path, body) = Requests[i];
            if (method == "PUT") await admin.SendJsonAsync(HttpMethod.Put, path, body); // from then on it is known
            using var plain = await admin.SendJsonAsync(new HttpMethod(method), path, body);
            var wanted = await plain.Content.ReadAsStringAsync();
            foreach (var sent in body is null ? ["none"] : Sent)
            {
                foreach (var asked in Asked)
                {
                    var what = $"{method} {path}, sent {sent}, asked for {(asked.Length == 0 ? "nothing" : asked)}";
                    using var answer = await admin.SendAsync(Request(method, path, body, packed[i], sent, asked));
                    Assert.True(plain.StatusCode == answer.StatusCode, $"{what}: {(int)answer.StatusCode}");
                    var (type, coding) = (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentEncoding.SingleOrDefault());
                    Assert.Equal((what, asked.EndsWith("json", StringComparison.Ordinal) ? "application/json" : "application/msgpack"), (what, type));
                    Assert.Equal((what, type == "application/json" || asked == "msgpack plain" ? null : "zstd"), (what, coding));
                    Assert.Equal(["Accept", "Accept-Encoding"], answer.Headers.Vary);
                    var bytes = await answer.Content.ReadAsByteArrayAsync();
                    if (type == "application/json") Assert.Equal((what, wanted), (what, Encoding.UTF8.GetString(bytes)));
                    else answers.Add((what, wanted, bytes, coding is not null));
                }
            }
        }

        var decoded = await NodeMessagePack.DecodeAsync(answers.Select(answer => (answer.Bytes, answer.IsZstd)));
        for (var i = 0; i < answers.Count; i++) Assert.Equal((answers[i].What, answers[i].Wanted), (answers[i].What, decoded[i])); // members in the same order, numbers to the last digit
        Assert.True(answers.Count > 400);
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "application/msgpack")]
    [InlineData("*/*", "application/msgpack")]
    [InlineData("application/json;q=0.5, application/msgpack;q=0.4", "application/json")]
    [InlineData("application/json;q=0.5, */*", "application/msgpack")]
    [InlineData("application/x-msgpack", "application/msgpack")]
    [InlineData("application/json, */*;q=0.1", "application/json")]
    [InlineData("application/json, text/plain, */*", "application/json")]
    [InlineData("application/json, application/msgpack", "application/msgpack")]
    [InlineData("image/png", "application/msgpack")]
    [InlineData("nonsense", "application/msgpack")]
    [InlineData("application/json;q=0", "application/msgpack")]
    [InlineData("application/json;q=0, */*", "application/msgpack")]
    [InlineData("application/json, application/msgpack;q=0", "application/json")]
    [InlineData("application/msgpack;q=0, */*", "application/json")]
    [InlineData("application/msgpack;q=0, */*;q=0.1", "application/json")]
    [InlineData("application/msgpack;q=0", "application/msgpack")]
    [InlineData("application/json;q=0, application/msgpack;q=0", "application/msgpack")]
    [InlineData("*/*;q=0", "application/msgpack")]
    public async Task Accept_OfAllKinds_ChoosesTheFormat(string accept, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/games");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await fixture.Api.Anonymous.SendAsync(request);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("gzip, deflate, br", false)]
    [InlineData("identity", false)]
    [InlineData("zstd;q=0", false)]
    [InlineData("gzip, zstd", true)]
    [InlineData("*", true)]
    [InlineData("*;q=0", false)]
    public async Task AcceptEncoding_OfAllKinds_DecidesOnCompression(string accepted, bool isCompressed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/games");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var answer = await fixture.Api.Anonymous.SendAsync(request);
        Assert.Equal(isCompressed ? ["zstd"] : [], answer.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("DELETE", "/api/compatibility", 405, "method_not_allowed")]
    [InlineData("GET", "/api/packages/a/b/c", 404, "not_found")]
    [InlineData("GET", "/api/steamgriddb", 404, "not_found")]
    public async Task Routes_ThatAreNotThere_AnswerInTheFormatAskedForToo(string method, string path, int status, string code)
    {
        using var packed = await fixture.Api.Anonymous.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        using var json = await fixture.Api.Anonymous.SendJsonAsync(new HttpMethod(method), path);
        Assert.Equal((status, "application/msgpack", "zstd"), ((int)packed.StatusCode, packed.Content.Headers.ContentType!.MediaType, packed.Content.Headers.ContentEncoding.Single()));
        Assert.Equal(((int)packed.StatusCode, "application/json"), ((int)json.StatusCode, json.Content.Headers.ContentType!.MediaType));
        foreach (var answer in new[] { packed, json }) Assert.Equal(["Accept", "Accept-Encoding"], answer.Headers.Vary);
        var text = await json.Content.ReadAsStringAsync();
        Assert.Contains($"\"code\":\"{code}\"", text, StringComparison.Ordinal);
        Assert.Equal(text, (await NodeMessagePack.DecodeAsync([(await packed.Content.ReadAsByteArrayAsync(), true)]))[0]);
    }

    [Fact]
    public async Task Format_OfAnotherName_IsRefused()
    {
        foreach (var format in new[] { "xml", "", "json&format=json" })
            await fixture.Api.Anonymous.GetJsonAsync($"/api/games?format={format}").RefusesAsync(HttpStatusCode.BadRequest, "invalid_format", index: null);
    }

    [Fact]
    public async Task Body_OfAnotherTypeOrCoding_IsRefused()
    {
        await PostAsync("[]"u8.ToArray(), "text/plain").RefusesAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type", index: null);
        await PostAsync("[]"u8.ToArray(), "application/json", "br").RefusesAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type", index: null);
        await PostAsync("[]"u8.ToArray(), "application/json", "gzip, zstd").RefusesAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type", index: null);
        await PostAsync("[]"u8.ToArray(), "application/json", "zstd").RefusesAsync(HttpStatusCode.BadRequest, "invalid_encoding", index: null);
        await PostAsync("[]"u8.ToArray(), "application/json", "gzip").RefusesAsync(HttpStatusCode.BadRequest, "invalid_encoding", index: null);
        await PostAsync([0xC4, 0x01, 0x00], "application/msgpack").RefusesAsync(HttpStatusCode.BadRequest, "invalid_messagepack", index: null);
        await PostAsync([0x90, 0x90], "application/msgpack").RefusesAsync(HttpStatusCode.BadRequest, "invalid_messagepack", index: null);
        await PostAsync("[{]"u8.ToArray(), "application/json").RefusesAsync(HttpStatusCode.BadRequest, "invalid_json", index: null);
        await PostAsync("{}"u8.ToArray(), "application/json").RefusesAsync(HttpStatusCode.BadRequest, "invalid_json", index: null);
        await PostAsync([], "application/json").RefusesAsync(HttpStatusCode.BadRequest, "invalid_json", index: null);
        await PostAsync("""[{"packageId":"a.b","packageId":"a.b"}]"""u8.ToArray(), "application/json").RefusesAsync(HttpStatusCode.BadRequest, "invalid_json", index: null);
    }

    [Fact]
    public async Task Body_OfHalfAMillionItems_IsCountedAndNotRead()
    {
        var body = Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat('1', 500_000))}]");
        await PostAsync(body, "application/json").RefusesAsync(HttpStatusCode.BadRequest, "invalid_batch", index: null);
        foreach (var other in new[] { "null", "5", "\"text\"", "{}" })
            await PostAsync(Encoding.ASCII.GetBytes(other), "application/json").RefusesAsync(HttpStatusCode.BadRequest, "invalid_json", index: null);
    }

    [Fact]
    public async Task Body_ThatExpandsBeyondTheLimit_Is413()
    {
        var spaces = Encoding.UTF8.GetBytes(new string(' ', 50_000_000));
        using var zstd = new Zstd();
        var bomb = zstd.Compress(spaces, Zstd.AnswerLevel);
        Assert.True(bomb.Length < 100_000);
        await PostAsync(bomb, "application/json", "zstd").RefusesAsync(HttpStatusCode.RequestEntityTooLarge, "too_large", index: null);
        await PostAsync(Gzip(spaces), "application/json", "gzip").RefusesAsync(HttpStatusCode.RequestEntityTooLarge, "too_large", index: null);
    }

    [Fact]
    public async Task Bodies_Fuzzed_AreNeverAFaultOfTheHub()
    {
        var random = new Random(20_261_122);
        var posts = Requests.Where(request => request.Method == "POST" && request.Body is not null).ToArray();
        var packed = await NodeMessagePack.EncodeAsync(posts.Select(request => request.Body!));
        for (var i = 0; i < 600; i++)
        {
            var one = i % posts.Length;
            var isPacked = random.Next(2) == 0;
            var bytes = isPacked ? packed[one][..] : Encoding.UTF8.GetBytes(posts[one].Body!);
            for (var change = random.Next(1, 5); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            using var request = new HttpRequestMessage(HttpMethod.Post, posts[one].Path) { Content = new ByteArrayContent(bytes) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(isPacked ? "application/msgpack" : "application/json");
            using var answer = await fixture.Api.Anonymous.SendAsync(request);
            Assert.True((int)answer.StatusCode < 500, $"{posts[one].Path}: {(int)answer.StatusCode}: {Convert.ToHexString(bytes)}");
        }
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string type, string? coding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/packages/metadata?format=json") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (coding is not null) request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await fixture.Api.Anonymous.SendAsync(request);
    }

    private static HttpRequestMessage Request(string method, string path, string? body, byte[] packed, string sent, string asked)
    {
        if (asked.StartsWith('?')) path += (path.Contains('?', StringComparison.Ordinal) ? "&format=" : "?format=") + asked[1..];
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (asked is "json") request.Headers.Accept.ParseAdd("application/json");
        if (asked is "msgpack" or "msgpack plain") request.Headers.Accept.ParseAdd("application/msgpack");
        if (asked is "msgpack plain") request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        if (body is null) return request;
        var bytes = sent.StartsWith("json", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(body) : packed;
        var coding = sent.Contains('+', StringComparison.Ordinal) ? sent[(sent.IndexOf('+', StringComparison.Ordinal) + 1)..] : null;
        if (coding == "gzip") bytes = Gzip(bytes);
        if (coding == "zstd")
        {
            using var zstd = new Zstd();
            bytes = zstd.Compress(bytes, Zstd.AnswerLevel);
        }

        request.Content = new ByteArrayContent(bytes);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/" + sent.Split('+')[0]);
        if (coding is not null) request.Content.Headers.ContentEncoding.Add(coding);
        return request;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write(bytes);
        return target.ToArray();
    }

    /// <summary>A hub that knows the examples, and whose SteamGridDB has pictures.</summary>
    public sealed class Loaded : IAsyncLifetime
    {
        public ReloadedApi Api { get; } = new();

        public async Task InitializeAsync()
        {
            await Api.InitializeAsync();
            await SeedExamples.LoadAsync(Api);
            Api.Upstream.Answer(request => new ReceiverAnswer(HttpStatusCode.OK, SteamGridDb.UpstreamAnswers.Page(
                SteamGridDb.UpstreamAnswers.Item(1, 512, 512), SteamGridDb.UpstreamAnswers.Item(2, 920, 430), SteamGridDb.UpstreamAnswers.Item(3, 600, 900))));
        }

        public Task DisposeAsync() => Api.DisposeAsync();
    }
}
