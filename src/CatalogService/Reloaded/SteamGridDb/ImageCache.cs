using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.CatalogService.Reloaded.SteamGridDb;

/// <summary>
/// Pictures from Redis, or from SteamGridDB when they are missing or a day old; requests for the same ones wait for one question. When SteamGridDB cannot be asked, what there is from the last days will do. Without
/// Redis it is asked each time.
/// </summary>
internal sealed partial class ImageCache(SteamGridDbClient upstream, RedisClient redis, IOptions<SteamGridDbOptions> options, TimeProvider clock, ILogger<ImageCache> logger)
{
    private readonly ConcurrentDictionary<(ImageCategory, uint), Lazy<Task<List<FoundImage>?>>> questions = new();

    private long askAgainAtTicks; // UTC; one upstream, so one pause for all

    /// <summary>All pictures of a category; null when SteamGridDB cannot be asked and nothing is known from before.</summary>
    public async Task<List<FoundImage>?> FindAsync(ImageCategory category, uint gameId, CancellationToken stop)
    {
        var key = (category, gameId);
        var question = questions.GetOrAdd(key, wanted => new(() => AskAsync(wanted.Item1, wanted.Item2)));
        try
        {
            return await question.Value.WaitAsync(stop); // who goes away does not take the answer from the others
        }
        finally
        {
            if (question.Value.IsCompleted) questions.TryRemove(new(key, question));
        }
    }

    private async Task<List<FoundImage>?> AskAsync(ImageCategory category, uint gameId)
    {
        await Task.Yield(); // the question must stand in the list before it is answered
        var name = $"steamgriddb:{category}:{gameId}";
        var kept = await ReadAsync(name);
        var now = clock.GetUtcNow();
        if (kept is not null && now - kept.At < options.Value.FreshFor) return kept.Images;
        var stale = kept is not null && now - kept.At < options.Value.StaleFor ? kept.Images : null;
        if (now.UtcTicks < Volatile.Read(ref askAgainAtTicks)) return stale;
        try
        {
            var images = await upstream.FindAsync(category, gameId, CancellationToken.None); // it has its own time-out
            await WriteAsync(name, new Kept(now, images));
            return images;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            UpstreamFailed(error.Message, stale is not null);
            Volatile.Write(ref askAgainAtTicks, (clock.GetUtcNow() + options.Value.PauseAfterFailure).UtcTicks);
            return stale;
        }
    }

    private async Task<Kept?> ReadAsync(string name)
    {
        try
        {
            return await redis.GetAsync(name) is { } bytes ? JsonSerializer.Deserialize<Kept>(bytes, ApiJson.Options) : null;
        }
        catch (Exception error) when (error is RedisUnavailableException or RedisServerException or JsonException) // the last: another release wrote it
        {
            return null;
        }
    }

    private async Task WriteAsync(string name, Kept kept)
    {
        try
        {
            await redis.SetAsync(name, JsonSerializer.SerializeToUtf8Bytes(kept, ApiJson.Options), options.Value.StaleFor);
        }
        catch (Exception error) when (error is RedisUnavailableException or RedisServerException)
        {
            NotKept(error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "SteamGridDB could not be asked: {Reason}; answered from before: {IsStale}")]
    private partial void UpstreamFailed(string reason, bool isStale);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pictures could not be kept: {Reason}")]
    private partial void NotKept(string reason);

    private sealed record Kept(DateTimeOffset At, List<FoundImage> Images);
}
