using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Railcraft;
using PackRelay.Testing.Services;

namespace PackRelay.IdentityService.Tests.Railcraft;

public sealed class RailcraftTokensTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string WrongSecret = "Invalid client ID or secret";

    private HttpClient Plain => field ??= new HttpClient { BaseAddress = api.CreateClient().BaseAddress };

    public static TheoryData<string> AuthPaths => [.. Paths("auth")];

    public static TheoryData<string> TestPaths => [.. Paths("test_token", "test_auth", "check_token")];

    [Theory]
    [MemberData(nameof(AuthPaths))]
    public async Task Auth_OfAClient_GivesATokenThatIsStoredAsItsHash(string path)
    {
        var client = await NewClientAsync();
        using var answer = await PostAsync(path, client);
        var envelope = await EnvelopeAsync(answer, 0, "");
        Assert.Equal(["result", "msg", "token"], envelope.EnumerateObject().Select(member => member.Name));
        var token = envelope.GetProperty("token").GetString()!;
        Assert.Matches("^[0-9A-Za-z]{43}$", token);
        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM client_tokens WHERE secret_hash = $1", SHA256.HashData(Encoding.ASCII.GetBytes(token))));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        using var tested = await PostAsync("/api/test_token/", client with { Token = token });
        Assert.Equal("""{"result":0,"msg":""}""", await tested.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(AuthPaths))]
    [MemberData(nameof(TestPaths))]
    public async Task Endpoint_WithoutWhatItNeeds_SaysSoInTheOrderOfThePage(string path)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch })
        {
            using var wrongMethod = await Plain.SendAsync(new HttpRequestMessage(method, path + "?client_id=a"));
            await EnvelopeAsync(wrongMethod, 2, "A POST request is required");
        }

        var client = await NewClientAsync();
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        await FailsAsync(path, fields, 3, "Client ID required");
        fields["client_id"] = client.Id;
        await FailsAsync(path, fields, 4, "Client secret required");
        foreach (var wrong in new[] { client.Secret + "a", client.Secret[..^1], client.Secret.ToUpperInvariant(), "' OR 1=1 --", new string('a', 2_000) })
        {
            fields["client_secret"] = wrong;
            await FailsAsync(path, fields, 5, WrongSecret);
        }

        fields["client_secret"] = client.Secret;
        fields["client_id"] = "🦊";
        await FailsAsync(path, fields, 5, WrongSecret);
        fields["client_id"] = (await NewClientAsync()).Id; // another's
        await FailsAsync(path, fields, 5, WrongSecret);
        if (path.Contains("auth", StringComparison.Ordinal) && !path.Contains("test", StringComparison.Ordinal)) return;
        fields["client_id"] = client.Id;
        await FailsAsync(path, fields, 7, "Token is required");
        foreach (var unknown in new[] { "unknown", "🦊", new string('a', 2_000), await AuthAsync(await NewClientAsync()) })
        {
            fields["token"] = unknown;
            await FailsAsync(path, fields, 12, "Token is invalid");
        }
    }

    [Fact]
    public async Task Token_AfterAnHour_HasExpired_AndADayLaterIsUnknown()
    {
        var client = await NewClientAsync();
        var token = await AuthAsync(client);
        api.Clock.Advance(TimeSpan.FromMinutes(59));
        var newer = await AuthAsync(client);
        using (var good = await PostAsync("/api/test_token/", client with { Token = token })) await EnvelopeAsync(good, 0, "");
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        using (var expired = await PostAsync("/api/test_token/", client with { Token = token })) await EnvelopeAsync(expired, 6, "Token has expired");
        using (var good = await PostAsync("/api/test_token/", client with { Token = newer })) await EnvelopeAsync(good, 0, "");
        Assert.Equal((6, null), await VerdictAsync(client with { Token = token }));

        api.Clock.Advance(TimeSpan.FromHours(25)); // the hourly clearing ran meanwhile
        await api.WaitUntilAsync(async () => (await VerdictAsync(client with { Token = token })).Result == 12, TimeSpan.FromSeconds(30), "the token is cleared away");
    }

    [Fact]
    public async Task Tokens_OfAClient_OutliveARestartOfTheService()
    {
        var client = await NewClientAsync();
        var token = await AuthAsync(client);
        var other = new Restarted(api);
        await other.InitializeAsync();
        try
        {
            using var plain = new HttpClient { BaseAddress = other.CreateClient().BaseAddress };
            using var tested = await plain.PostAsync("/api/test_token/", Form(client with { Token = token }));
            await EnvelopeAsync(tested, 0, "");
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task Tokens_OfAClientThatIsDeletedOrOfASuspendedAccount_EndAtOnce()
    {
        var (person, client) = await NewPersonsClientAsync();
        var token = await AuthAsync(client);
        await api.ExecuteAsync("UPDATE accounts SET suspended_at = now() WHERE id = $1", person.Id);
        using (var suspended = await PostAsync("/api/test_token/", client with { Token = token })) await EnvelopeAsync(suspended, 5, WrongSecret);
        await api.ExecuteAsync("UPDATE accounts SET suspended_at = NULL WHERE id = $1", person.Id);
        using (var back = await PostAsync("/api/test_token/", client with { Token = token })) await EnvelopeAsync(back, 0, "");
        using (await person.Client.DeleteAsync($"/api/v1/me/clients/{client.Id}"))
        using (var deleted = await PostAsync("/api/test_token/", client with { Token = token })) await EnvelopeAsync(deleted, 5, WrongSecret);
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM client_tokens WHERE client_id = $1", client.Id));
    }

    [Fact]
    public async Task Tokens_OfAClientThatAsksForEver_AreAtMostFifty()
    {
        var client = await NewClientAsync();
        var first = await AuthAsync(client);
        for (var i = 0; i < 50; i++)
        {
            api.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await AuthAsync(client);
        }

        Assert.Equal(50, await api.ScalarAsync<long>("SELECT count(*) FROM client_tokens WHERE client_id = $1", client.Id));
        Assert.Equal((12, null), await VerdictAsync(client with { Token = first }));
    }

    [Fact]
    public async Task Verdict_AboutGoodCredentials_IsTheAccountWithoutAnyScope()
    {
        var (person, client) = await NewPersonsClientAsync();
        var (result, caller) = await VerdictAsync(client with { Token = await AuthAsync(client) });
        Assert.Equal((0, person.Id, person.Username, CredentialKind.Client), (result, caller!.AccountId, caller.Username, caller.Credential));
        Assert.Empty(caller.Scopes);
        var (_, again) = await VerdictAsync(client with { Token = await AuthAsync(client) });
        Assert.Equal(caller.CredentialId, again!.CredentialId); // the client's, whatever the token
        Assert.NotEqual(person.Id, caller.CredentialId);
    }

    [Fact]
    public async Task Secrets_TriedOverAndOver_AreNotLookedUpAnyMore_UntilTheMinuteIsOver()
    {
        var client = await NewClientAsync();
        await AuthAsync(client, "198.51.100.1"); // proven: this address may go on
        for (var i = 0; i < 10; i++)
        {
            using var wrong = await PostAsync("/api/auth/", client with { Secret = $"wrong{i}" }, "198.51.100.2");
            await EnvelopeAsync(wrong, 5, WrongSecret);
        }

        foreach (var secret in new[] { "wrong", client.Secret + "x" })
        {
            using var limited = await PostAsync("/api/auth/", client with { Secret = secret }, "198.51.100.2");
            Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
            Assert.InRange(int.Parse(Assert.Single(limited.Headers.GetValues("Retry-After")), null), 1, 60);
            Assert.Equal($$"""{"result":5,"msg":"{{WrongSecret}}","error":"{{WrongSecret}}"}""", await limited.Content.ReadAsStringAsync());
        }

        // The owner at another address, and other clients, are not kept out; the catalog's question counts as well.
        await AuthAsync(client, "198.51.100.3");
        await AuthAsync(await NewClientAsync(), "198.51.100.2");
        Assert.Equal(5, (await VerdictAsync(client with { Secret = "wrong", Address = "198.51.100.2" })).Result);
        api.Clock.Advance(TimeSpan.FromMinutes(2));
        using var later = await PostAsync("/api/auth/", client with { Secret = "wrong" }, "198.51.100.2");
        await EnvelopeAsync(later, 5, WrongSecret);
    }

    [Fact]
    public async Task Secret_ThatIsRight_MayBeShownAsOftenAsNeeded()
    {
        var client = await NewClientAsync();
        for (var i = 0; i < 40; i++) await AuthAsync(client, "198.51.100.9");
    }

    [Fact]
    public async Task Auth_InJsonMultipartOrQuery_Works()
    {
        var client = await NewClientAsync();
        using var multipart = new MultipartFormDataContent { { new StringContent(client.Id), "client_id" }, { new StringContent(client.Secret), "client_secret" } };
        foreach (var content in new HttpContent[] { JsonContent.Create(new { client_id = client.Id, client_secret = client.Secret }), multipart })
        {
            using var answer = await Plain.PostAsync("/api/auth/", content);
            await EnvelopeAsync(answer, 0, "");
        }

        using var byQuery = await Plain.PostAsync($"/api/auth/?client_id={client.Id}&client_secret={client.Secret}", content: null);
        await EnvelopeAsync(byQuery, 0, "");
        await api.CreateClient().PostAsync($"/api/auth", Form(client)); // as the API document says
    }

    [Fact]
    public async Task Auth_WhoseStatementFails_SaysSqlError()
    {
        var client = await NewClientAsync();
        await api.ExecuteAsync("ALTER TABLE client_tokens RENAME TO client_tokens_away");
        try
        {
            foreach (var endpoint in new[] { "auth", "test_token" })
            {
                using var failed = await PostAsync($"/api/{endpoint}/", client);
                Assert.Equal("""{"result":1,"msg":"SQL Error","error":"SQL Error","data":"SQLSTATE 42P01"}""", await failed.Content.ReadAsStringAsync());
            }
        }
        finally
        {
            await api.ExecuteAsync("ALTER TABLE client_tokens_away RENAME TO client_tokens");
        }
    }

    private static IEnumerable<string> Paths(params string[] names) => names.SelectMany(name => new[] { $"/api/{name}/", $"/api/v1/{name}/", $"/api/{name}", $"/api/v1/{name}" });

    private static FormUrlEncodedContent Form(TestClient client) => new(
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["client_id"] = client.Id, ["client_secret"] = client.Secret, ["token"] = client.Token }.Where(field => field.Value is not null)!);

    private static async Task<JsonElement> EnvelopeAsync(HttpResponseMessage answer, int result, string msg)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode}: {text}");
        var envelope = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.True((result, msg) == (envelope.GetProperty("result").GetInt32(), envelope.GetProperty("msg").GetString()), $"{result} {msg} expected: {text}");
        return envelope;
    }

    private async Task FailsAsync(string path, Dictionary<string, string> fields, int result, string msg)
    {
        // From an address of its own each time: what is tried here is not to be counted.
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("X-Forwarded-For", $"10.{RandomNumberGenerator.GetInt32(256)}.{RandomNumberGenerator.GetInt32(256)}.{RandomNumberGenerator.GetInt32(256)}");
        using var answer = await Plain.SendAsync(request);
        await EnvelopeAsync(answer, result, msg);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, TestClient client, string? address = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Form(client) };
        if (address is not null) request.Headers.Add("X-Forwarded-For", address);
        return await Plain.SendAsync(request);
    }

    private async Task<string> AuthAsync(TestClient client, string? address = null)
    {
        using var answer = await PostAsync("/api/auth/", client, address);
        return (await EnvelopeAsync(answer, 0, "")).GetProperty("token").GetString()!;
    }

    private async Task<(int Result, Caller? Caller)> VerdictAsync(TestClient client)
    {
        using var answer = await Plain.PostAsJsonAsync("/internal/railcraft/clients", new ClientKey(client.Id, client.Secret, client.Token, client.Address), ApiJson.Options);
        var verdict = (await answer.Content.ReadFromJsonAsync<ClientVerdict>(ApiJson.Options))!;
        if (verdict.Result != 0)
        {
            Assert.Null(verdict.Caller);
            return (verdict.Result, null);
        }

        var tokens = (CallerToken)api.Services.GetService(typeof(CallerToken))!;
        Assert.True(tokens.TryRead(verdict.Caller, out var caller));
        return (0, caller);
    }

    private async Task<TestClient> NewClientAsync() => (await NewPersonsClientAsync()).Client;

    private async Task<(Person Person, TestClient Client)> NewPersonsClientAsync()
    {
        var person = await api.NewPersonAsync();
        using var created = await person.Client.PostAsJsonAsync("/api/v1/me/clients", new { name = "a launcher" });
        var client = await created.ReadJsonAsync();
        return (person, new TestClient(client.GetProperty("clientId").GetString()!, client.GetProperty("clientSecret").GetString()!));
    }

    private sealed record TestClient(string Id, string Secret, string? Token = null, string? Address = null);

    /// <summary>Another process of the service, on the database of the first.</summary>
    private sealed class Restarted(IdentityApi first) : ServiceFixture<Program>(new() { Redis = true, Messaging = true })
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["ConnectionStrings:identitydb"] = first.Postgres.ConnectionString;

        protected override void ReplaceServices(Microsoft.Extensions.DependencyInjection.IServiceCollection services) =>
            Microsoft.Extensions.DependencyInjection.Extensions.ServiceCollectionDescriptorExtensions.Replace(services, Microsoft.Extensions.DependencyInjection.ServiceDescriptor.Singleton<TimeProvider>(first.Clock));
    }
}
