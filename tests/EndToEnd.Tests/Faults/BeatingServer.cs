using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using PackRelay.Testing;

namespace PackRelay.EndToEnd.Tests.Faults;

/// <summary>
/// A server that counts which of its beats were acknowledged. Its n-th beat reports 10^n players, so that the mean of its curve tells which of
/// them are there, and a doubled one shows as well. One after the other, and at most six that reach the hub: 100,000 players are the most that a beat may report.
/// </summary>
internal sealed class BeatingServer(Publisher publisher, string slug)
{
    private readonly List<int> acknowledged = [];

    private readonly List<int> unknown = []; // stored or not: the answer did not come
    private int sent; // a refused beat does not count: it is not stored

    public string Slug => slug;

    public static async Task<BeatingServer> CreateAsync(Publisher publisher) => new(publisher, await publisher.CreateServerAsync());

    /// <summary>Beats once. Only a whole 200 counts as acknowledged; any other answer must say when to come again: 429, or a 5xx that leaves open whether it is stored.</summary>
    public async Task<bool> BeatAsync()
    {
        var players = (int)Math.Pow(10, sent);
        using var answer = await publisher.BeatAsync(slug, players);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            sent++;
            acknowledged.Add(players);
            return true;
        }

        Assert.True(
            answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout,
            $"{answer.StatusCode}: {body}");
        Assert.NotNull((string?)body["code"]);
        Assert.NotNull(answer.Headers.RetryAfter);
        if (answer.StatusCode != HttpStatusCode.TooManyRequests)
        {
            sent++;
            unknown.Add(players);
        }

        return false;
    }

    /// <summary>Beats as an agent does that tries again when it is not acknowledged; gives up at the third beat without an answer.</summary>
    public Task BeatUntilAcknowledgedAsync() => Wait.UntilAsync(
        async () =>
        {
            Assert.True(unknown.Count < 3, $"three beats of {slug} were not answered");
            return await BeatAsync();
        },
        $"a beat of {slug} is acknowledged");

    /// <summary>Waits until the curve is made of exactly the acknowledged beats, with any of those whose fate is unknown.</summary>
    public async Task AssertAllStoredAsync(HttpClient anyone)
    {
        var expected = Subsets(unknown).Select(stored => Curve([.. acknowledged, .. stored])).ToArray();
        var last = "";
        try
        {
            await Wait.UntilAsync(
                async () =>
                {
                    using var answer = await anyone.GetAsync($"/api/v1/servers/{slug}/metrics?window=30d&buckets=1");
                    last = await answer.Content.ReadAsStringAsync();
                    return expected.Any(curve => last.Contains(curve, StringComparison.Ordinal));
                },
                "every acknowledged beat is in the curve");
        }
        catch (Xunit.Sdk.XunitException error)
        {
            throw new InvalidOperationException($"{slug}: acknowledged {string.Join(", ", acknowledged)}, but the curve is {last}", error);
        }
    }

    private static IEnumerable<IEnumerable<int>> Subsets(List<int> of) =>
        Enumerable.Range(0, 1 << of.Count).Select(bits => of.Where((_, place) => (bits & (1 << place)) != 0));

    private static string Curve(List<int> players) => string.Create(
        CultureInfo.InvariantCulture, $"\"players\":{Math.Round(players.Average(), 1, MidpointRounding.AwayFromZero)},\"playersMax\":{players.Max()},");
}
