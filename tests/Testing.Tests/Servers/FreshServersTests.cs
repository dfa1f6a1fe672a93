using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.Testing.Servers;
using RabbitMQ.Client;

namespace PackRelay.Testing.Tests.Servers;

public sealed class FreshServersTests
{
    [Fact]
    public async Task Postgres_TwoDatabases_ShareNothing()
    {
        await using var first = await TestPostgres.CreateAsync();
        await using var second = await TestPostgres.CreateAsync();
        await first.Source.ExecuteAsync("CREATE TABLE things (id int)", CancellationToken.None);
        Assert.True(await first.Source.ScalarAsync<bool>("SELECT to_regclass('things') IS NOT NULL", CancellationToken.None));
        Assert.False(await second.Source.ScalarAsync<bool>("SELECT to_regclass('things') IS NOT NULL", CancellationToken.None));
    }

    [Fact]
    public async Task Postgres_WhenDisposed_IsDroppedInSpiteOfOpenConnections()
    {
        await using var observer = await TestPostgres.CreateAsync();
        var dropped = await TestPostgres.CreateAsync();
        await using var held = new Npgsql.NpgsqlConnection(dropped.ConnectionString);
        await held.OpenAsync();
        var name = held.Database;
        await dropped.DisposeAsync();
        Assert.False(await observer.Source.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", CancellationToken.None, name));
    }

    [Fact]
    public async Task Redis_TakenByManyAtOnce_GivesEachItsOwnEmptyDatabase()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TestRedis.CreateAsync()));
        Assert.Equal(taken.Length, taken.Select(one => one.ConnectionString).Distinct(StringComparer.Ordinal).Count());
        await taken[0].Client.SetAsync("a", 1);
        Assert.All(await Task.WhenAll(taken[1..].Select(one => one.Client.GetAsync("a"))), Assert.Null);
        foreach (var one in taken)
            await one.DisposeAsync();
    }

    [Fact]
    public async Task Broker_OnlyCountsMessagesOfErrorQueues()
    {
        await using var broker = await TestBroker.CreateAsync();
        await using var connection = await broker.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        foreach (var queue in new[] { "work", "work_error", "other_error" })
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        await channel.BasicPublishAsync("", "work", "x"u8.ToArray());
        Assert.Empty(await broker.FailedAsync());
        await channel.BasicPublishAsync("", "work_error", "x"u8.ToArray());
        Assert.Equal(["work_error"], await broker.FailedAsync());
        Assert.Equal(1u, await broker.CountAsync("work"));
    }

    [Fact]
    public async Task Influx_ADatabase_TakesAndGivesPoints()
    {
        await using var influx = await TestInflux.CreateAsync();
        using var http = new HttpClient { BaseAddress = influx.Url };
        using var points = new StringContent("players,server=a value=3i 1700000000000");
        using var written = await http.PostAsync($"/write?db={influx.Database}&precision=ms&u={influx.UserName}&p={influx.Password}", points);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, written.StatusCode);
        Assert.Contains("[1700000000000,3]", await influx.QueryAsync("SELECT value FROM players"), StringComparison.Ordinal);
    }
}
