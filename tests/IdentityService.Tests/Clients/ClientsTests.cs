using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.IdentityService.Tests.Clients;

public sealed class ClientsTests(ClientsTests.FewClients api) : IClassFixture<ClientsTests.FewClients>
{
    private const string Path = "/api/v1/me/clients";

    [Fact]
    public async Task Create_ByAnyAccount_ShowsTheSecretOnceAndStoresItsHash()
    {
        var person = await api.NewPersonAsync();

        using var answer = await person.Client.PostAsJsonAsync(Path, new { name = " my launcher " });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var created = await answer.ReadJsonAsync();
        Assert.Equal(["clientId", "clientSecret", "name"], created.Members());
        Assert.Equal("my launcher", created.GetProperty("name").GetString());
        var (id, secret) = (created.GetProperty("clientId").GetString()!, created.GetProperty("clientSecret").GetString()!);
        Assert.Matches("^[0-9A-Za-z]{20}$", id);
        Assert.Matches("^[0-9A-Za-z]{43}$", secret);
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(secret)), await api.ScalarAsync<byte[]>("SELECT secret_hash FROM clients WHERE client_id = $1", id));

        using var listed = await person.Client.GetAsync(Path);
        var text = await listed.Content.ReadAsStringAsync();
        Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        var client = Assert.Single((await listed.ReadJsonAsync()).GetProperty("clients").EnumerateArray());
        Assert.Equal(["clientId", "name", "createdAt"], client.Members());
        Assert.Equal(id, client.GetProperty("clientId").GetString());
    }

    [Fact]
    public async Task Create_BeyondTheLimit_Answers409UntilOneIsDeleted()
    {
        var person = await api.NewPersonAsync();
        var id = await CreateAsync(person);
        await CreateAsync(person);

        using var refused = await person.Client.PostAsJsonAsync(Path, new { name = "third" });
        Assert.Contains("at most 2", await refused.AssertErrorAsync(HttpStatusCode.Conflict, "too_many_clients"), StringComparison.Ordinal);

        using var deleted = await person.Client.DeleteAsync($"{Path}/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await CreateAsync(person);
    }

    [Fact]
    public async Task Create_ManyAtOnce_StaysWithinTheLimit()
    {
        var person = await api.NewPersonAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => person.Client.PostAsJsonAsync(Path, new { name = "one of many" })));
        Assert.Equal(2, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
    }

    [Fact]
    public async Task Delete_OfWhatIsNotOnes_Answers404AndLeavesIt()
    {
        var person = await api.NewPersonAsync();
        var stranger = await api.NewPersonAsync(Role.Admin);
        var id = await CreateAsync(person);

        foreach (var tried in new[] { id, "unknown", Guid.NewGuid().ToString() })
        {
            using var answer = await stranger.Client.DeleteAsync($"{Path}/{tried}");
            await answer.AssertErrorAsync(HttpStatusCode.NotFound, "not_found");
        }

        Assert.Equal(1, await api.ScalarAsync<long>("SELECT count(*) FROM clients WHERE client_id = $1", id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\u0007b")]
    public async Task Create_WithABadName_IsRefused(string name)
    {
        var person = await api.NewPersonAsync();
        using var answer = await person.Client.PostAsJsonAsync(Path, new { name });
        await answer.AssertErrorAsync(HttpStatusCode.BadRequest, "invalid_name");
    }

    [Fact]
    public async Task Create_WithABadBody_IsRefused() => await BadBodies.AssertRefusedAsync((await api.NewPersonAsync()).Client, HttpMethod.Post, Path, "name");

    [Theory]
    [InlineData("GET", Path)]
    [InlineData("POST", Path)]
    [InlineData("DELETE", Path + "/some")]
    public Task Route_ByAnyone_TakesASessionOnly(string method, string path) => Access.AssertSessionOnlyAsync(api, new HttpMethod(method), path);

    private static async Task<string> CreateAsync(Person person)
    {
        using var answer = await person.Client.PostAsJsonAsync(Path, new { name = "a client" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.ReadJsonAsync()).GetProperty("clientId").GetString()!;
    }

    public sealed class FewClients : IdentityApi
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            base.Configure(settings);
            settings["Identity:Clients:PerAccount"] = "2";
        }
    }
}
