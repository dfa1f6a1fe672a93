namespace PackRelay.IdentityService.Tests;

public sealed class QueryPlanTests(IdentityApi api) : IClassFixture<IdentityApi>
{
    private const string Nobody = "'00000000-0000-0000-0000-000000000000'";

    [Theory]
    [InlineData("SELECT id FROM accounts WHERE search LIKE '%someone%'", "accounts_search")]
    [InlineData($"SELECT id FROM audit_log WHERE actor_id = {Nobody} AND id < {Nobody} ORDER BY id DESC LIMIT 25", "audit_log_actor")]
    [InlineData($"SELECT id FROM audit_log WHERE subject_id = {Nobody} AND id < {Nobody} ORDER BY id DESC LIMIT 25", "audit_log_subject")]
    [InlineData($"SELECT id FROM audit_log WHERE action = 'a' AND id < {Nobody} ORDER BY id DESC LIMIT 25", "audit_log_action")]
    [InlineData($"SELECT id FROM sessions WHERE account_id = {Nobody} ORDER BY last_seen_at DESC", "sessions_account_seen")]
    [InlineData("SELECT secret_hash FROM client_tokens WHERE client_id = 'a' ORDER BY created_at DESC OFFSET 49", "client_tokens_client")]
    [InlineData("DELETE FROM client_tokens WHERE expires_at <= now()", "client_tokens_expiry")]
    [InlineData($"SELECT client_id FROM clients WHERE account_id = {Nobody}", "clients_account")]
    public async Task Query_OfARoute_UsesItsIndex(string sql, string index)
    {
        // Small tables are read whole whatever indexes there are; this asks whether one could be used.
        var plan = await api.ScalarAsync<string>($"SET enable_seqscan = off; SET enable_sort = off; EXPLAIN (COSTS OFF, FORMAT JSON) {sql}");
        Assert.Contains(index, plan, StringComparison.Ordinal);
    }
}
