using System.Security.Cryptography;
using Npgsql;

namespace PackRelay.Testing.Servers;

/// <summary>A fresh Postgres database, dropped when disposed.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private readonly string server;
    private readonly string name;

    private TestPostgres(string server, string name)
    {
        this.server = server;
        this.name = name;
        // A small pool: many classes run at once. The detail is for people who read a failed test.
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20, IncludeErrorDetail = true }.ConnectionString;
        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { MaxPoolSize = 5, ApplicationName = "test" });
    }

    /// <summary>Npgsql connection string of the database.</summary>
    public string ConnectionString { get; }

    /// <summary>Connections for the test itself.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>Creates a database.</summary>
    public static async Task<TestPostgres> CreateAsync()
    {
        var address = await BackingServers.Shared.PostgresAsync();
        var fresh = $"test_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        await ExecuteAsync(address, $"CREATE DATABASE \"{fresh}\"");
        return new TestPostgres(address, fresh);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await ExecuteAsync(server, $"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
    }

    private static async Task ExecuteAsync(string address, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(address) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
