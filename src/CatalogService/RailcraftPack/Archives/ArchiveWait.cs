using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.RailcraftPack.Archives;

/// <summary>Waits for archives that are being made, by whichever replica.</summary>
internal sealed class ArchiveWait(NpgsqlDataSource db, ArchiveQueries archives, IOptions<RailcraftOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>The archive once it is made; null when making it fails, or takes longer than clients are made to wait: it goes on then, and whoever asks again finds it.</summary>
    public async Task<KnownArchive?> ForAsync(KnownArchive archive, CancellationToken stop)
    {
        if (archive.Sha256 is not null) return archive;
        await db.ExecuteAsync("NOTIFY railcraft_archives", stop);
        var started = clock.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(10); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await archives.FindAsync(archive.Id, stop) is not { } now || now.Attempts > archive.Attempts) return null;
            if (now.Sha256 is not null) return now;
            var left = options.Value.BuildWait - clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return null;
            await Task.Delay(pause < left ? pause : left, clock, stop);
        }
    }
}
