using Microsoft.Extensions.Options;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>Waits for bundles that are not built yet, where that takes no longer than a client waits.</summary>
internal sealed class BundleWait(BundleQueries bundles, IOptions<DownloadOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>A version's bundle, which is wanted from now on if it was not before; null when it cannot be waited for.</summary>
    public async Task<BuiltBundle?> ForAsync(Guid versionId, long totalSizeBytes, CancellationToken stop)
    {
        if (await bundles.FindAsync(versionId, stop) is { } built) return built;
        await bundles.WaitAsync(versionId, stop);
        if (totalSizeBytes > options.Value.BundleWaitMaxBytes) return null;
        var started = clock.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(20); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await bundles.FindAsync(versionId, stop) is { } bundle) return bundle;
            var left = options.Value.BundleWait - clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return null;
            await Task.Delay(pause < left ? pause : left, clock, stop);
        }
    }
}
