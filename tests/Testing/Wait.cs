using System.Diagnostics;
using Xunit.Sdk;

namespace PackRelay.Testing;

/// <summary>Waiting for a condition instead of for a time.</summary>
public static class Wait
{
    /// <summary>Patience of a wait that names none; generous, because it only matters to tests that fail.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks again with growing pauses until the condition holds; after the time-out the test fails with the text.</summary>
    /// <param name="condition">What must become true.</param>
    /// <param name="what">What was waited for, for the failure's text.</param>
    /// <param name="timeout">Patience; null for <see cref="Default"/>.</param>
    public static Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? timeout = null) =>
        ForAsync(async () => await condition() ? "" : null, what, timeout);

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task UntilAsync(Func<bool> condition, string what, TimeSpan? timeout = null) =>
        UntilAsync(() => Task.FromResult(condition()), what, timeout);

    /// <summary>Asks again with growing pauses until there is a value, and gives it; after the time-out the test fails with the text.</summary>
    public static async Task<T> ForAsync<T>(Func<Task<T?>> find, string what, TimeSpan? timeout = null)
        where T : class
    {
        var patience = timeout ?? Default;
        var started = Stopwatch.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(5); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await find() is { } found)
                return found;
            if (Stopwatch.GetElapsedTime(started) > patience)
                throw new XunitException($"Not within {patience.TotalSeconds:0.#} s: {what}");
            await Task.Delay(pause);
        }
    }
}
