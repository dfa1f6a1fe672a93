using System.Net;
using PackRelay.Testing.Services;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>Much is due at once, as after a restart.</summary>
public sealed class BacklogTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    private const int Endpoints = 20;

    [Fact]
    public async Task Backlog_Of10000AroundARestart_GoesOutOnceEachInOrderAndFourAtATime()
    {
        const int Count = 10_000, AtATime = 50;
        await using var receiver = await CountingReceiver.StartAsync();
        await FillAsync(receiver.Url, Count, TimeSpan.FromSeconds(10)); // soon by the clock of other processes; by that of this one, never
        var settings = new Dictionary<string, string?>(api.ReplicaSettings, StringComparer.Ordinal) { ["Webhooks:Delivery:Concurrency"] = $"{AtATime}" };

        await using (var before = ServiceProcess.Start(typeof(Program).Assembly, settings))
        {
            await Testing.Wait.UntilAsync(() => receiver.Received.Count >= 500, "some have arrived", TimeSpan.FromMinutes(2));
            await before.StopAsync(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(receiver.Received.Count, 500, Count - 1);
        Assert.Equal(0, await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE leased_until IS NOT NULL")); // what was under way was written down or given back
        await using var after = ServiceProcess.Start(typeof(Program).Assembly, settings);
        await Testing.Wait.UntilAsync(() => receiver.Received.Count >= Count, "all have arrived", TimeSpan.FromMinutes(3));
        await Testing.Wait.UntilAsync(
            async () => await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE status <> 'delivered'") == 0, "all are written down");

        Assert.Equal(Count, receiver.Received.Distinct().Count());
        Assert.Equal(Count, receiver.Received.Count); // nobody died, so nothing came twice
        Assert.Equal(Count, await api.ScalarAsync<long>("SELECT count(*) FROM attempts"));
        Assert.Equal(Endpoints, receiver.Most.Count);
        Assert.All(receiver.Most, path => Assert.InRange(path.Value, 1, 4));
        Assert.InRange(receiver.MostInAll, 1, AtATime);
        foreach (var subject in receiver.Received.GroupBy(request => (request.Path, Subject: request.Body.Split(' ')[0])))
        {
            var order = subject.Select(request => int.Parse(request.Body.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(order.Order(), order);
        }
    }

    [Fact]
    public async Task Backlog_ThatFails_IsSpreadOverTheJitterOfTheSchedule()
    {
        const int Count = 1_000;
        await using var receiver = await CountingReceiver.StartAsync(HttpStatusCode.ServiceUnavailable);
        var ids = await FillAsync(receiver.Url, Count, TimeSpan.FromSeconds(1));
        var began = api.Clock.GetUtcNow() + TimeSpan.FromSeconds(1);

        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await Testing.Wait.UntilAsync(
            async () => await api.ScalarAsync<long>("SELECT count(*) FROM deliveries WHERE id = ANY ($1) AND attempts = 1", ids) == Count, "all have failed once", TimeSpan.FromMinutes(1));

        // The pause is 5 s and up to a fifth more: in none of ten equal parts of that second more than a fifth of all comes back.
        var parts = await api.ScalarAsync<long[]>(
            """
            SELECT array_agg(count) FROM (
                SELECT count(*) FROM deliveries WHERE id = ANY ($1) GROUP BY floor(extract(epoch FROM next_attempt_at - $2) * 10)) AS parts (count)
            """,
            ids, began + TimeSpan.FromSeconds(5));
        Assert.Equal(10, parts!.Length);
        Assert.All(parts, part => Assert.InRange(part, 1, Count / 5));
        await api.ExecuteAsync("DELETE FROM deliveries WHERE id = ANY ($1)", ids);
    }

    /// <summary>Deliveries to several endpoints of seven packs each; the body says of which pack and the how manieth of all it is.</summary>
    private async Task<Guid[]> FillAsync(Uri receiver, int count, TimeSpan dueIn)
    {
        var owner = api.NewOwner("pro");
        var hooks = new List<Guid>();
        for (var i = 0; i < Endpoints; i++) hooks.Add((await WebhookApi.CreateAsync(owner, new Uri(receiver, $"{i}"))).Id);
        var (now, ids) = (api.Clock.GetUtcNow(), Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray());
        await api.ExecuteAsync(
            """
            INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, occurred_at, created_at, next_attempt_at)
            SELECT id, ($2::uuid[])[1 + i % cardinality($2)], gen_random_uuid(), 'pack.updated', 'pack:p' || i % 7, convert_to('p' || i % 7 || ' ' || i, 'UTF8'),
                   $3 - interval '1 hour' + i * interval '1 millisecond', $3, $4
              FROM unnest($1::uuid[]) WITH ORDINALITY AS o (id, i)
            """,
            ids, hooks.ToArray(), now, now + dueIn);
        return ids;
    }
}
