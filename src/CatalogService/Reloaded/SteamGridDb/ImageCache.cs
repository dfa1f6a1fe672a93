using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.CatalogService.Reloaded.SteamGridDb;

/// <summary>
/// Pictures from Redis, or from SteamGridDB when they are missing or a day old; requests for the same ones, of whichever replica, wait for one question. When SteamGridDB cannot be asked, what there is from the last days will do. Without
/// Redis it is asked each time.
/// </summary>
internal sealed partial class ImageCache(SteamGridDbClient upstream, RedisClient redis, IOptions<SteamGridDbOptions> options, TimeProvider clock, ILogger<ImageCache> logger)
{
    private readonly ConcurrentDictionary<(ImageCategory, uint), Lazy<Task<List<FoundImage>?>>> questions = new();

    private static readonly TimeSpan TurnLookInterval = TimeSpan.FromMilliseconds(50);

    private long askAgainAtTicks; // UTC; one upstream, so one pause for all

    /// <summary>The client's patience, and something for Redis.</summary>
    private TimeSpan LongestTurn => options.Value.Timeout + TimeSpan.FromSeconds(1);

    /// <summary>All pictures of a category; null when SteamGridDB cannot be asked and nothing is known from before.</summary>
    public async Task<List<FoundImage>?> FindAsync(ImageCategory category, uint gameId, CancellationToken stop)
    {
        var key = (category, gameId);
        var question = questions.GetOrAdd(key, wanted => new(() => AskOnceAsync(wanted)));
        return await question.Value.WaitAsync(stop); // who goes away does not take the answer from the others
    }

    private async Task<List<FoundImage>?> AskOnceAsync((ImageCategory Category, uint GameId) key)
    {
        await Task.Yield(); // the question must stand in the list before it is answered
        try
        {
            return await AskAsync(key.Category, key.GameId);
        }
        finally
        {
            questions.TryRemove(key, out _);
        }
    }

    private async Task<List<FoundImage>?> AskAsync(ImageCategory category, uint gameId)
    {
        var name = $"steamgriddb:{category}:{gameId}";
        var (fresh, stale) = await LookAsync(name);
        if (fresh is not null) return fresh;
        if (clock.GetUtcNow().UtcTicks < Volatile.Read(ref askAgainAtTicks)) return stale;
        var turn = $"{name}:asking";
        if (!await TryTakeTurnAsync(turn)) return await AnswerOfOtherAsync(name, turn) ?? stale;
        try
        {
            if ((await LookAsync(name)).Fresh is { } theirs) return theirs; // another replica had just ended its turn
            var images = await upstream.FindAsync(category, gameId, CancellationToken.None); // it has its own time-out
            await WriteAsync(name, new Kept(clock.GetUtcNow(), images));
            return images;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            UpstreamFailed(error.Message, stale is not null);
            Volatile.Write(ref askAgainAtTicks, (clock.GetUtcNow() + options.Value.PauseAfterFailure).UtcTicks);
            return stale;
        }
        finally
        {
            await EndTurnAsync(turn);
        }
    }

    /// <summary>What Redis has: an answer that needs no question, or one that will do when there is no other.</summary>
    private async Task<(List<FoundImage>? Fresh, List<FoundImage>? Stale)> LookAsync(string name)
    {
        if (await ReadAsync(name) is not { } kept) return (null, null);
        var age = clock.GetUtcNow() - kept.At;
        return (age < options.Value.FreshFor ? kept.Images : null, age < options.Value.StaleFor ? kept.Images : null);
    }

    /// <summary>False while another replica asks the same. A turn ends by itself, should who has it crash.</summary>
    private async Task<bool> TryTakeTurnAsync(string turn)
    {
        try
        {
            return await redis.SetIfMissingAsync(turn, 1, LongestTurn);
        }
        catch (Exception error) when (IsOutage(error))
        {
            return true;
        }
    }

    private async Task EndTurnAsync(string turn)
    {
        try
        {
            await redis.DeleteAsync(turn);
        }
        catch (Exception error) when (IsOutage(error))
        {
            // It ends by itself.
        }
    }

    /// <summary>Waits for the other replica's turn to end; null when nothing came of it.</summary>
    private async Task<List<FoundImage>?> AnswerOfOtherAsync(string name, string turn)
    {
        var began = Stopwatch.GetTimestamp(); // the machine's clock: this is about a few seconds of waiting
        try
        {
            do await Task.Delay(TurnLookInterval, TimeProvider.System);
            while (await redis.GetAsync(turn) is not null && Stopwatch.GetElapsedTime(began) < LongestTurn);
        }
        catch (Exception error) when (IsOutage(error))
        {
            return null;
        }

        return (await LookAsync(name)).Fresh;
    }

    private async Task<Kept?> ReadAsync(string name)
    {
        try
        {
            return await redis.GetAsync(name) is { } bytes ? JsonSerializer.Deserialize<Kept>(bytes, ApiJson.Options) : null;
        }
        catch (Exception error) when (IsOutage(error) || error is JsonException) // the last: another release wrote it
        {
            return null;
        }
    }

    private async Task WriteAsync(string name, Kept kept)
    {
        try
        {
            await redis.SetAsync(name, JsonSerializer.SerializeToUtf8Bytes(kept, ApiJson.Options), kept.Images.Count > 0 ? options.Value.StaleFor : options.Value.FreshFor); // anybody may ask for any number, and most are no game's
        }
        catch (Exception error) when (IsOutage(error))
        {
            NotKept(error.Message);
        }
    }

    private static bool IsOutage(Exception error) => error is RedisUnavailableException or RedisServerException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "SteamGridDB could not be asked: {Reason}; answered from before: {IsStale}")]
    private partial void UpstreamFailed(string reason, bool isStale);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pictures could not be kept: {Reason}")]
    private partial void NotKept(string reason);

    private sealed record Kept(DateTimeOffset At, List<FoundImage> Images);
}
