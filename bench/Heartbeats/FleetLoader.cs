using Npgsql;
using NpgsqlTypes;

namespace PackRelay.Heartbeats;

/// <summary>
/// Registers servers by binary COPY, as the services' own statements would have stored them: tokens at Identity, servers with their rows of live state
/// at the catalog, and telemetry's projection of them. They belong to one account, which was made through the API.
/// </summary>
internal sealed class FleetLoader(Fleet fleet, Guid account, DateTimeOffset createdAt)
{
    private const string TokenCopy = "COPY api_tokens (id, secret_hash, account_id, name, scopes, created_at, expires_at) FROM STDIN (FORMAT binary)";

    private const string ServerCopy = "COPY servers (id, slug, owner_id, name, region, game, tags, max_players, created_at) FROM STDIN (FORMAT binary)";

    private const string LiveCopy = "COPY server_live (server_id) FROM STDIN (FORMAT binary)";

    private const string ProjectionCopy = "COPY servers (id, slug, revision, owner_id, name, created_at) FROM STDIN (FORMAT binary)";

    /// <summary>Adds the servers from this number on; a fleet may grow.</summary>
    public async Task RunAsync(string identity, string catalog, string telemetry, int first, int firstToken, CancellationToken stop)
    {
        var servers = Enumerable.Range(first, fleet.Count - first);
        await CopyAsync(identity, TokenCopy, Enumerable.Range(firstToken, fleet.Tokens.Count - firstToken), WriteTokenAsync, stop);
        await CopyAsync(catalog, ServerCopy, servers, WriteServerAsync, stop);
        await CopyAsync(catalog, LiveCopy, servers, (row, server) => row.WriteAsync(Fleet.ServerId(server), NpgsqlDbType.Uuid, stop), stop);
        await CopyAsync(telemetry, ProjectionCopy, servers, WriteProjectionAsync, stop);
    }

    private static async Task CopyAsync(string connectionString, string sql, IEnumerable<int> numbers, Func<NpgsqlBinaryImporter, int, Task> write, CancellationToken stop)
    {
        await using var db = new NpgsqlConnection(connectionString);
        await db.OpenAsync(stop);
        await using var copy = await db.BeginBinaryImportAsync(sql, stop);
        copy.Timeout = TimeSpan.FromMinutes(5);
        foreach (var number in numbers)
        {
            await copy.StartRowAsync(stop);
            await write(copy, number);
        }

        await copy.CompleteAsync(stop);
    }

    private async Task WriteTokenAsync(NpgsqlBinaryImporter row, int number)
    {
        await row.WriteAsync(fleet.TokenId(number), NpgsqlDbType.Uuid);
        await row.WriteAsync(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(fleet.Tokens[number])), NpgsqlDbType.Bytea);
        await row.WriteAsync(account, NpgsqlDbType.Uuid);
        await row.WriteAsync($"agent {number}", NpgsqlDbType.Text);
        await row.WriteAsync<string[]>(["servers:heartbeat"], NpgsqlDbType.Array | NpgsqlDbType.Text);
        await row.WriteAsync(createdAt, NpgsqlDbType.TimestampTz);
        await row.WriteAsync(createdAt.AddDays(90), NpgsqlDbType.TimestampTz);
    }

    private async Task WriteServerAsync(NpgsqlBinaryImporter row, int server)
    {
        await row.WriteAsync(Fleet.ServerId(server), NpgsqlDbType.Uuid);
        await row.WriteAsync(Fleet.Slug(server), NpgsqlDbType.Text);
        await row.WriteAsync(account, NpgsqlDbType.Uuid);
        await row.WriteAsync($"Simulated server {server}", NpgsqlDbType.Text);
        await row.WriteAsync("eu", NpgsqlDbType.Text);
        await row.WriteAsync("7d2d", NpgsqlDbType.Text);
        await row.WriteAsync<string[]>(["benchmark"], NpgsqlDbType.Array | NpgsqlDbType.Text);
        await row.WriteAsync(64, NpgsqlDbType.Integer);
        await row.WriteAsync(createdAt.AddMilliseconds(server), NpgsqlDbType.TimestampTz);
    }

    private async Task WriteProjectionAsync(NpgsqlBinaryImporter row, int server)
    {
        await row.WriteAsync(Fleet.ServerId(server), NpgsqlDbType.Uuid);
        await row.WriteAsync(Fleet.Slug(server), NpgsqlDbType.Text);
        await row.WriteAsync(1L, NpgsqlDbType.Bigint);
        await row.WriteAsync(account, NpgsqlDbType.Uuid);
        await row.WriteAsync($"Simulated server {server}", NpgsqlDbType.Text);
        await row.WriteAsync(createdAt.AddMilliseconds(server), NpgsqlDbType.TimestampTz);
    }
}
