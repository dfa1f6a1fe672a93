using System.Text.Json;
using Npgsql;
using PackRelay.WebhookService.Deliveries;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>What looks for due deliveries every second, and lists of what is not delivered, cost what they find, not what was ever delivered.</summary>
public sealed class DueQueryTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    private static readonly string AllPacks = $"{{{string.Join(',', Enumerable.Range(0, 50).Select(i => $"pack:p{i}"))}}}"; // as a token is restricted that may touch all that is in the log

    private const string ClaimTypes = "timestamptz, timestamptz, int, int";

    private const string ClaimValues = "now() + interval '1 hour', now() + interval '2 hours', 4, 512";

    [Fact]
    public async Task Claim_BesideManyDeliveredRows_ReadsNoneOfThem()
    {
        await api.ExecuteAsync("TRUNCATE deliveries CASCADE"); // of the other test
        var owner = api.NewOwner("pro");
        var hooks = new List<Guid>();
        for (var i = 0; i < 10; i++) hooks.Add(await CreateAsync(owner));
        await FillAsync(hooks, 300, "pending");
        await FillAsync(hooks, 50_000, "delivered");
        await api.ExecuteAsync("ANALYZE");
        var few = await CostAsync();
        await FillAsync(hooks, 150_000, "delivered");
        await api.ExecuteAsync("ANALYZE");
        var many = await CostAsync();

        Assert.Equal((0, 0), (few.ScannedRows, many.ScannedRows));
        Assert.InRange(many.Pages, 1, (few.Pages * 3 / 2) + 20); // a level more of an index here and there
        Assert.True(await api.ScalarAsync<long>("SELECT relpages::bigint FROM pg_class WHERE relname = 'deliveries'") > 5 * many.Pages, "the table is not big enough to show anything");
    }

    [Fact]
    public async Task Claim_BesideManyThatWaitForTheirNextAttempt_ReadsNoneOfThem()
    {
        await api.ExecuteAsync("TRUNCATE deliveries CASCADE"); // of the other test
        var owner = api.NewOwner("pro");
        var (down, well) = (await CreateAsync(owner), await CreateAsync(owner));
        await FillAsync([well], 20, "pending");
        await FillAsync([down], 20, "pending");
        await api.ExecuteAsync("ANALYZE");
        var few = await ExplainAsync(DeliveryScripts.Claim, ClaimTypes, ClaimValues);
        await FillAsync([down], 20_000, "pending");
        await api.ExecuteAsync("UPDATE deliveries SET attempts = 3, round_attempts = 3, next_attempt_at = now() + interval '1 day' WHERE endpoint_id = $1", down);
        await api.ExecuteAsync("VACUUM ANALYZE");
        var many = await ExplainAsync(DeliveryScripts.Claim, ClaimTypes, ClaimValues);

        Assert.Equal(0, many.ScannedRows);
        Assert.InRange(many.Pages, 1, (few.Pages * 3 / 2) + 50);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)] // it is to go out again
    public async Task Claim_OfAQueueThatGrewBehindTheStatistics_ReadsItsFirstFew(int attempts)
    {
        await api.ExecuteAsync("TRUNCATE deliveries CASCADE");
        var hook = await CreateAsync(api.NewOwner());
        await FillAsync([hook], 20, "pending");
        await api.ExecuteAsync("ANALYZE");
        var few = await ExplainAsync(DeliveryScripts.Claim, ClaimTypes, ClaimValues);
        await FillAsync([hook], 20_000, "pending", attempts: attempts);
        var many = await ExplainAsync(DeliveryScripts.Claim, ClaimTypes, ClaimValues);

        Assert.Equal(0, many.ScannedRows);
        Assert.InRange(many.Pages, 1, few.Pages + 100); // the queue has hundreds
    }

    [Theory]
    [InlineData("delivered", "pending", "{pending}", "{pack.updated,ping}")] // few of a status beside many of another
    [InlineData("delivered", "failed", "{failed}", "{pack.updated,ping}")]
    [InlineData("delivered", "delivered", "{pending,delivered,failed}", "{ping}")] // few of an event beside many of another
    [InlineData("pending", "pending", "{pending}", "{pack.updated,ping}")] // a page of a long queue
    [InlineData("pending", "pending", "{pending}", "{ping}")]
    [InlineData("failed", "failed", "{failed}", "{ping}")]
    [InlineData("delivered", "delivered", "{pending,delivered,failed}", "{pack.updated,ping}")] // a page of all
    public async Task List_OfALongLog_ReadsWhatItShows(string many, string few, string statuses, string events)
    {
        await api.ExecuteAsync("TRUNCATE deliveries CASCADE");
        var hook = await CreateAsync(api.NewOwner());
        await FillAsync([hook], 30_000, many);
        await FillAsync([hook], 10, few, "ping");
        await api.ExecuteAsync("ANALYZE");

        var cost = await ExplainAsync(DeliveryQueries.ListSql, "uuid, text[], text[], bigint, int, text[], text[]", $"'{hook}', '{statuses}', '{events}', {long.MaxValue}, 26, NULL, NULL");
        var restricted = await ExplainAsync(
            DeliveryQueries.ListSql, "uuid, text[], text[], bigint, int, text[], text[]", $"'{hook}', '{statuses}', '{events}', {long.MaxValue}, 26, '{AllPacks}', '{{}}'");

        Assert.Equal((0, 0), (cost.ScannedRows, restricted.ScannedRows));
        Assert.InRange(cost.Pages, 1, 100);
        Assert.InRange(restricted.Pages, 1, 100);
    }

    [Theory]
    [InlineData("delivered", false)]
    [InlineData("failed", false)]
    [InlineData("delivered", true)]
    [InlineData("failed", true)]
    public async Task RedeliverRange_OfTheEndOfALongLog_ReadsNothingOlder(string status, bool isRestricted)
    {
        await api.ExecuteAsync("TRUNCATE deliveries CASCADE");
        var hook = await CreateAsync(api.NewOwner());
        await FillAsync([hook], 30_000, status);
        await api.ExecuteAsync("UPDATE deliveries SET created_at = now() - interval '1 day'");
        await FillAsync([hook], 10, status);
        await api.ExecuteAsync("VACUUM ANALYZE");

        var cost = await ExplainAsync(
            status == "delivered" ? DeliveryQueries.RedeliverDeliveredSql : DeliveryQueries.RedeliverFailedSql, "uuid, timestamptz, bigint, int, timestamptz, text[], text[]",
            $"'{hook}', now() - interval '1 hour', 0, 10000, now() + interval '1 day', {(isRestricted ? $"'{AllPacks}', '{{}}'" : "NULL, NULL")}");

        Assert.Equal(0, cost.ScannedRows);
        Assert.InRange(cost.Pages, 1, 1_000); // the ten that are changed come into every index anew; the log has thousands
    }

    private static async Task<Guid> CreateAsync(Owner owner) => (await WebhookApi.CreateAsync(owner, new Uri("https://receiver.example/"))).Id;

    /// <summary>The claim and the count of the backlog, planned once for all parameters as prepared statements are.</summary>
    private async Task<(long Pages, long ScannedRows)> CostAsync()
    {
        var claim = await ExplainAsync(DeliveryScripts.Claim, ClaimTypes, ClaimValues);
        var backlog = await ExplainAsync(DeliveryQueue.BacklogSql, "timestamptz", "now() + interval '1 hour'");
        return (claim.Pages + backlog.Pages, claim.ScannedRows + backlog.ScannedRows);
    }

    private async Task<(long Pages, long ScannedRows)> ExplainAsync(string sql, string types, string values)
    {
        await using var connection = await api.Postgres.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(); // rolled back: nothing stays leased
        foreach (var command in new[] { "SET LOCAL plan_cache_mode = force_generic_plan", sql == DeliveryScripts.Claim ? DeliveryQueue.PlanByIndexSql : "SET LOCAL jit = off", $"PREPARE explained ({types}) AS {sql}" })
            await RunAsync(connection, command);
        await using var explain = new NpgsqlCommand($"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE explained ({values})", connection);
        var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!).RootElement[0].GetProperty("Plan");
        await RunAsync(connection, "DEALLOCATE explained");
        var scanned = Nodes(plan).Where(node =>
            node.GetProperty("Node Type").GetString()!.Contains("Seq Scan", StringComparison.Ordinal) && node.GetProperty("Relation Name").GetString() == "deliveries");
        return (
            plan.GetProperty("Shared Hit Blocks").GetInt64() + plan.GetProperty("Shared Read Blocks").GetInt64(),
            scanned.Sum(node => node.GetProperty("Actual Rows").GetInt64() + (node.TryGetProperty("Rows Removed by Filter", out var removed) ? removed.GetInt64() : 0)));
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement plan) =>
        plan.TryGetProperty("Plans", out var inner) ? inner.EnumerateArray().SelectMany(Nodes).Prepend(plan) : [plan];

    private Task<int> FillAsync(List<Guid> hooks, int count, string status, string eventName = "pack.updated", int attempts = 0) => api.ExecuteAsync(
        """
        INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, status, attempts, next_attempt_at, occurred_at, created_at)
        SELECT gen_random_uuid(), ($1::uuid[])[1 + i % cardinality($1)], gen_random_uuid(), $4, 'pack:p' || i % 50, convert_to(repeat('x', 300), 'UTF8'), $3, $5,
               CASE WHEN $3 = 'pending' THEN now() + interval '30 minutes' END, now() + i * interval '1 millisecond', now()
          FROM generate_series(1, $2) AS i
        """,
        hooks.ToArray(), count, status, eventName, attempts); // due in half an hour: the worker of this process, whose clock stands, leaves them alone
}
