using System.Diagnostics;

namespace PackRelay.LocalHosting.Tests;

/// <summary>Waits for a condition and says which one did not come true.</summary>
internal static class Eventually
{
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> look, TimeSpan? timeout = null) where T : class
    {
        var limit = timeout ?? TimeSpan.FromSeconds(30);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < limit)
        {
            if (await look() is { } found)
                return found;
            await Task.Delay(50);
        }

        throw new TimeoutException($"Not within {limit.TotalSeconds:0} s: {what}");
    }

    public static Task TrueAsync(string what, Func<bool> condition, TimeSpan? timeout = null) =>
        GetAsync(what, () => Task.FromResult(condition() ? "yes" : null), timeout);
}
