using System.Net;
using Npgsql;

namespace PackRelay.CatalogService.Tests.RailcraftPack;

/// <summary>Errors 1 and 10, on every endpoint that asks the database.</summary>
public sealed class DatabaseErrorTests(RailcraftApi api) : IClassFixture<RailcraftApi>
{
    // get_error needs no database.
    private static readonly string[] Reads = ["current", "get_message", "get_optional_mods"];

    private static readonly string[] Tables = ["railcraft_messages", "railcraft_ads", "railcraft_archives", "packs"];

    [Fact]
    public async Task Endpoint_WhoseStatementFails_SaysSqlErrorAndNothingOfTheStatement()
    {
        foreach (var table in Tables) await api.ExecuteAsync($"ALTER TABLE {table} RENAME TO {table}_away");
        try
        {
            await AssertAllAsync(1, "SQLSTATE 42P01");
        }
        finally
        {
            foreach (var table in Tables) await api.ExecuteAsync($"ALTER TABLE {table}_away RENAME TO {table}");
        }
    }

    [Fact]
    public async Task Endpoint_WithoutADatabase_SaysThatTheConnectionFailed()
    {
        var connection = new NpgsqlConnectionStringBuilder(api.Postgres.ConnectionString);
        await using var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(api.Postgres.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await ExecuteAsync(server, $"ALTER DATABASE \"{connection.Database}\" WITH ALLOW_CONNECTIONS false");
        await ExecuteAsync(server, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{connection.Database}'");
        try
        {
            await AssertAllAsync(10, null);
        }
        finally
        {
            await ExecuteAsync(server, $"ALTER DATABASE \"{connection.Database}\" WITH ALLOW_CONNECTIONS true");
            api.Postgres.Source.Clear();
        }
    }

    private async Task AssertAllAsync(int result, string? data)
    {
        foreach (var endpoint in Reads)
        {
            using var answer = await api.Plain.GetAsync($"/api/{endpoint}/");
            var envelope = await answer.EnvelopeAsync(result, hasData: true);
            if (data is not null) Assert.Equal(data, envelope.GetProperty("data").GetString());
        }

        foreach (var endpoint in Page.Post)
        {
            using var answer = await api.NewClient().PostAsync(endpoint, ("type", "buy"), ("title", "a"), ("body", "b"), ("id", "1"));
            await answer.EnvelopeAsync(result, hasData: true);
        }

        using var file = await api.NewClient().PostAsync("get_file", ("id", "1"));
        await file.FailsAsTextAsync(HttpStatusCode.ServiceUnavailable, Page.Errors[result - 1]);
        using var texts = await api.Plain.GetAsync("/api/get_error/");
        await texts.EnvelopeAsync(0);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
