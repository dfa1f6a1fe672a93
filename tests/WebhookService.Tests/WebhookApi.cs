using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.Testing.Services;

namespace PackRelay.WebhookService.Tests;

/// <summary>The webhook service on servers of its own, with a clock that the tests move; it may send to this machine.</summary>
public class WebhookApi() : ServiceFixture<Program>(new() { Contract = true, Database = "webhookdb", Messaging = true, SteppedClock = true })
{
    public const string Routes = "/api/v1/webhooks";

    /// <summary>What a further replica of this service needs.</summary>
    public IReadOnlyDictionary<string, string?> ReplicaSettings
    {
        get
        {
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ConnectionStrings:webhookdb"] = Postgres.ConnectionString,
                ["ConnectionStrings:messaging"] = Broker.Address.ToString(),
            };
            Configure(settings);
            return settings;
        }
    }

    /// <summary>A server owner of a fresh account.</summary>
    public Owner NewOwner(string plan = "free")
    {
        var caller = TestCallers.Session("owner", Role.ServerOwner, Scopes.Webhooks) with { Plan = plan };
        return new Owner(caller, CreateClient(caller));
    }

    /// <summary>Registers a webhook through the API.</summary>
    public static async Task<Hook> CreateAsync(Owner owner, Uri url, string[]? events = null, string[]? packs = null, string[]? servers = null)
    {
        using var answer = await owner.Client.PostAsJsonAsync(Routes, new { url = url.AbsoluteUri, events = events ?? ["*"], packs, servers });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var json = await answer.ReadJsonAsync();
        return new Hook(json.GetProperty("id").GetGuid(), json.GetProperty("secret").GetString()!);
    }

    /// <summary>Asks for a ping and gives the delivery's id.</summary>
    public static async Task<Guid> PingAsync(Owner owner, Hook hook)
    {
        using var answer = await owner.Client.PostAsync(new Uri($"{Routes}/{hook.Id}/ping", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.ReadJsonAsync()).GetProperty("deliveryId").GetGuid();
    }

    /// <summary>A delivery as its owner sees it.</summary>
    public static async Task<JsonElement> DeliveryAsync(Owner owner, Hook hook, Guid deliveryId) =>
        await owner.Client.GetFromJsonAsync<JsonElement>($"{Routes}/{hook.Id}/deliveries/{deliveryId}");

    /// <summary>Waits until so many attempts of a delivery are stored, and gives the delivery.</summary>
    public static async Task<JsonElement> AttemptsAsync(Owner owner, Hook hook, Guid deliveryId, int count)
    {
        JsonElement delivery = default;
        await Testing.Wait.UntilAsync(
            async () => (delivery = await DeliveryAsync(owner, hook, deliveryId)).GetProperty("attempts").GetArrayLength() >= count,
            $"{count} attempts of {deliveryId} are stored");
        return delivery;
    }

    protected override void Configure(IDictionary<string, string?> settings)
    {
        settings["Webhooks:SecretsKey"] = "a key for nothing but these tests";
        settings["Webhooks:AllowedNetworks"] = "127.0.0.0/8, ::1/128";
        settings["Plans:Free:Webhooks"] = "20";
    }
}

/// <summary>An account, and a client that calls as it.</summary>
public sealed record Owner(Caller Caller, HttpClient Client)
{
    public Guid Id => Caller.AccountId;
}

/// <summary>A registered webhook.</summary>
public sealed record Hook(Guid Id, string Secret);

internal static class Answers
{
    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>Checks an error answer: status, code, envelope.</summary>
    public static async Task AssertErrorAsync(this HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)status} expected, {(int)answer.StatusCode} answered: {text}");
        using var error = JsonDocument.Parse(text);
        Assert.Equal(code, error.RootElement.GetProperty("code").GetString());
        Assert.NotEmpty(error.RootElement.GetProperty("error").GetString()!);
    }

    public static string[] Members(this JsonElement json) => [.. json.EnumerateObject().Select(member => member.Name)];

    public static string[] Strings(this JsonElement json) => [.. json.EnumerateArray().Select(item => item.GetString()!)];
}
