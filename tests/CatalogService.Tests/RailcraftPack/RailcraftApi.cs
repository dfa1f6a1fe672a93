using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.CatalogService.Tests.RailcraftPack;

/// <summary>The catalog beside a stand-in of Identity, with a clock that goes and can be put forward.</summary>
public class RailcraftApi : CatalogApi
{
    public ShiftedClock Time { get; } = new();

    public IdentityStandIn Identity { get; private set; } = null!;

    /// <summary>Sends what old clients send, which no document of ours describes: trailing slashes, further names, forms.</summary>
    public HttpClient Plain => field ??= new HttpClient { BaseAddress = Anonymous.BaseAddress };

    public override async Task InitializeAsync()
    {
        Identity = await IdentityStandIn.StartAsync();
        await base.InitializeAsync();
        Identity.Callers = Services.GetRequiredService<CallerToken>();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Identity.DisposeAsync();
    }

    /// <summary>A client of a new account, or of the given one.</summary>
    public RailcraftClient NewClient(Caller? account = null) => Identity.NewClient(this, account ?? NewPublisher().Caller);

    /// <summary>A pack for Minecraft with its first version.</summary>
    public async Task<MinecraftPack> NewPackAsync(params PackFile[] files)
    {
        var pack = await NewPackAsync(more: new { game = "minecraft" });
        await pack.PublishAsync("1.0.0", files);
        return pack;
    }

    /// <summary>A pack without a version.</summary>
    public async Task<MinecraftPack> NewPackAsync(object more, string? slug = null)
    {
        var owner = NewPublisher();
        await owner.RegisterKeyAsync();
        return new MinecraftPack(owner, await owner.CreatePackAsync(slug, more));
    }

    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["services:identity:http:0"] = Identity.Url;
    }

    protected override void ReplaceServices(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
}

/// <summary>The time of the machine, put forward by the test.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long shiftTicks;

    public void Advance(TimeSpan by) => Interlocked.Add(ref shiftTicks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref shiftTicks));
}

/// <summary>A file of a pack.</summary>
public sealed record PackFile(string Path, string Text, string? Side = null, bool Optional = false, string? Group = null, string? Source = null, bool Executable = false)
{
    public byte[] Bytes => Encoding.UTF8.GetBytes(Text);
}

/// <summary>A pack and who publishes it.</summary>
public sealed class MinecraftPack(Publisher owner, string slug)
{
    public string Slug => slug;

    public Publisher Owner => owner;

    public async Task PublishAsync(string version, params PackFile[] files)
    {
        foreach (var file in files) await owner.PutAsync(Publisher.Sha256(file.Bytes), file.Bytes).SucceedsAsync(HttpStatusCode.OK);
        await owner.SendAsync(slug, owner.Sign(Draft(version, files))).SucceedsAsync(HttpStatusCode.Created);
    }

    public Task WithdrawAsync(string version) => owner.Client.PostAsync($"/api/v1/packs/{slug}/versions/{version}/withdraw", new { reason = "broken" }).SucceedsAsync();

    private JsonObject Draft(string version, PackFile[] files)
    {
        var draft = owner.Draft(slug, version, []);
        draft["schemaVersion"] = 3;
        draft["game"] = "minecraft";
        draft["sources"] = new JsonArray([.. files.Select(file => file.Source).OfType<string>().Distinct().Select(source => new JsonObject
        {
            ["id"] = source, ["source"] = "nexus", ["game"] = "minecraft", ["modId"] = 1, ["fileId"] = 1, ["version"] = source.Replace("v", "", StringComparison.Ordinal),
        })]);
        draft["files"] = new JsonArray([.. files.Select(Entry)]);
        return draft;
    }

    private static JsonObject Entry(PackFile file)
    {
        var entry = new JsonObject { ["path"] = file.Path, ["sha256"] = Publisher.Sha256(file.Bytes), ["size"] = file.Bytes.Length };
        if (file.Side is not null) entry["side"] = file.Side;
        if (file.Optional) entry["optional"] = true;
        if (file.Group is not null) entry["group"] = file.Group;
        if (file.Source is not null) entry["sourceRef"] = file.Source;
        if (file.Executable) entry["executable"] = true;
        return entry;
    }
}

/// <summary>A client of the dialect, as its programs are: forms, and a slash behind the name.</summary>
public sealed class RailcraftClient(RailcraftApi api, string id, string secret, string token)
{
    public string Id => id;

    public string Secret => secret;

    /// <summary>What every request with credentials carries.</summary>
    public Dictionary<string, string> Fields => new(StringComparer.Ordinal) { ["client_id"] = id, ["client_secret"] = secret, ["token"] = token };

    /// <summary>Posts a form with the credentials and further fields.</summary>
    public async Task<HttpResponseMessage> PostAsync(string endpoint, params (string Name, string Value)[] more)
    {
        using var form = new FormUrlEncodedContent([.. Fields, .. more.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        return await api.Plain.PostAsync($"/api/{endpoint}/", form);
    }

    /// <summary>Posts a form and gives the answer, which must be a success.</summary>
    public async Task<JsonElement> CallAsync(string endpoint, params (string Name, string Value)[] more)
    {
        using var answer = await PostAsync(endpoint, more);
        return await answer.EnvelopeAsync(0);
    }

    /// <summary>Asks for an archive and fetches it.</summary>
    public async Task<(JsonElement Answer, byte[] Zip)> DownloadAsync(params (string Name, string Value)[] more)
    {
        var answer = await CallAsync("get_download_url", more);
        using var file = await PostAsync("get_file", ("id", answer.GetProperty("id").GetRawText()));
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        return (answer, await file.Content.ReadAsByteArrayAsync());
    }
}

internal static class RailcraftAnswers
{
    /// <summary>Reads an envelope and asserts its result; of a failure also the text of the dialect's page, and that nothing else is there.</summary>
    public static async Task<JsonElement> EnvelopeAsync(this HttpResponseMessage answer, int result, bool hasData = false)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var envelope = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.True(result == envelope.GetProperty("result").GetInt32(), $"{result} expected: {text}");
        var names = envelope.EnumerateObject().Select(member => member.Name).ToList();
        if (result == 0)
        {
            Assert.Equal("", envelope.GetProperty("msg").GetString());
            Assert.DoesNotContain("error", names);
            return envelope;
        }

        Assert.Equal(Page.Errors[result - 1], envelope.GetProperty("msg").GetString());
        Assert.Equal(Page.Errors[result - 1], envelope.GetProperty("error").GetString());
        Assert.Equal(hasData ? ["result", "msg", "error", "data"] : ["result", "msg", "error"], names);
        return envelope;
    }

    /// <summary>Asserts a failure in plain text.</summary>
    public static async Task FailsAsTextAsync(this HttpResponseMessage answer, HttpStatusCode status, string text)
    {
        var said = await answer.Content.ReadAsStringAsync();
        Assert.Equal((status, text), (answer.StatusCode, said));
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
    }
}

/// <summary>What the dialect's page says.</summary>
internal static class Page
{
    /// <summary>Its table of errors, 1 first.</summary>
    public static readonly string[] Errors =
    [
        "SQL Error", "A POST request is required", "Client ID required", "Client secret required", "Invalid client ID or secret", "Token has expired", "Token is required",
        "Error during internal request", "ID is required", "Database connection failed", "No tags found", "Token is invalid", "Too many words", "Ad limit reached",
        "Required variable was not defined",
    ];

    /// <summary>Everything that is reached with GET.</summary>
    public static readonly string[] Get = ["current", "get_message", "message", "get_server_message", "get_optional_mods", "optional_mods", "get_error", "get_error_message", "errors"];

    /// <summary>Everything of the catalog's that takes POST alone, and answers in the envelope.</summary>
    public static readonly string[] Post = ["get_download_url", "get_ads", "ads", "post_ad", "bump_ad", "delete_ad"];
}
