using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace PackRelay.IdentityService.Tests.Railcraft;

/// <summary>Error 10 of the dialect; a database of its own, because nothing else can use it meanwhile.</summary>
public sealed class DatabaseOutageTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    [Fact]
    public async Task Endpoint_WithoutADatabase_SaysThatTheConnectionFailed_AndWorksOnceItIsBack()
    {
        var person = await api.NewPersonAsync();
        using var created = await person.Client.PostAsJsonAsync("/api/v1/me/clients", new { name = "a launcher" });
        var client = await created.ReadJsonAsync();
        using var plain = new HttpClient { BaseAddress = api.CreateClient().BaseAddress };
        await api.AssertNothingLeftAsync();

        var name = await api.ScalarAsync<string>("SELECT current_database()");
        await using var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(api.Postgres.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await ExecuteAsync(server, $"ALTER DATABASE \"{name}\" WITH ALLOW_CONNECTIONS false");
        await ExecuteAsync(server, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        foreach (var endpoint in new[] { "auth", "test_token" }) Assert.Equal((10, "Database connection failed"), await CallAsync(plain, endpoint, client));
        await ExecuteAsync(server, $"ALTER DATABASE \"{name}\" WITH ALLOW_CONNECTIONS true");
        api.Postgres.Source.Clear();

        await api.WaitUntilAsync(async () => await CallAsync(plain, "auth", client) == (0, ""), TimeSpan.FromSeconds(30), "clients get tokens again");
        await api.WaitUntilAsync(
            () =>
            {
                api.Clock.Advance(TimeSpan.FromSeconds(1)); // what pauses after a failure goes on
                return api.ScalarAsync<bool>("SELECT NOT EXISTS (SELECT FROM outbox)");
            },
            TimeSpan.FromSeconds(30), "events leave again");
    }

    private static async Task<(int Result, string? Msg)> CallAsync(HttpClient plain, string endpoint, JsonElement client)
    {
        using var form = new FormUrlEncodedContent([
            KeyValuePair.Create("client_id", client.GetProperty("clientId").GetString()!), KeyValuePair.Create("client_secret", client.GetProperty("clientSecret").GetString()!)]);
        using var answer = await plain.PostAsync($"/api/{endpoint}/", form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var envelope = await answer.ReadJsonAsync();
        return (envelope.GetProperty("result").GetInt32(), envelope.GetProperty("msg").GetString());
    }

    private static async Task ExecuteAsync(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
