using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace PackRelay.Gateway.Answers;

/// <summary>
/// Answers in memory, by request target, within a limit in bytes. A read is one look into a dictionary; when room is needed, those go first that nobody
/// asked for since they were looked at last (second chance, which is close to least recently used and costs readers nothing).
/// An eviction bears on answers under way too: one that was asked for before the change is not kept, and nobody joins it any longer.
/// </summary>
internal sealed class AnswerStore
{
    private readonly ConcurrentDictionary<string, KeptAnswer> answers = new(StringComparer.Ordinal);
    private readonly Lock gate = new(); // guards what follows, and every write to the one above
    private readonly Dictionary<string, AnswerFill> fills = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> keysByTag = new(StringComparer.Ordinal);
    private readonly Shelf lists;
    private readonly Shelf documents;
    private readonly AnswerMetrics metrics;
    private readonly TimeProvider clock;

    public AnswerStore(IOptions<AnswerCacheOptions> options, AnswerMetrics metrics, TimeProvider clock)
    {
        this.metrics = metrics;
        this.clock = clock;
        lists = new Shelf(options.Value.CapacityBytes / 4); // any number of different lists can be asked for: they must not push the manifests out
        documents = new Shelf(options.Value.CapacityBytes - lists.Capacity);
    }

    /// <summary>Memory of all kept answers, in bytes.</summary>
    public long SizeBytes
    {
        get
        {
            lock (gate) return lists.Bytes + documents.Bytes;
        }
    }

    /// <summary>The kept answer that still holds; null when there is none.</summary>
    public KeptAnswer? Find(string key)
    {
        if (!answers.TryGetValue(key, out var answer) || answer.ExpiresAt <= clock.GetTimestamp()) return null;
        answer.Touch();
        return answer;
    }

    /// <summary>Joins the fill of this key that is under way, or begins one, which must be ended.</summary>
    public AnswerFill Join(string key, AnswerRules.Tags tags, out bool isNew)
    {
        lock (gate)
        {
            isNew = !fills.TryGetValue(key, out var fill);
            if (!isNew) return fill!;
            fill = fills[key] = new AnswerFill(key, tags);
            Index(tags.First, key);
            if (tags.Second is not null) Index(tags.Second, key);
            return fill;
        }
    }

    /// <summary>Ends a fill, once: keeps the answer, if there is one to keep and nothing has changed since the fill began, and tells those who wait.</summary>
    public void End(AnswerFill fill, KeptAnswer? answer, bool isAbandoned = false)
    {
        lock (gate)
        {
            if (!fill.IsOutdated && fills.TryGetValue(fill.Key, out var current) && ReferenceEquals(current, fill))
            {
                fills.Remove(fill.Key);
                if (answer is not null && answer.SizeBytes <= ShelfOf(answer).Capacity) Keep(fill, answer);
                else if (!answers.ContainsKey(fill.Key)) Unindex(fill);
            }
        }

        fill.Finish(answer, isAbandoned);
    }

    /// <summary>Counts what an answer has grown by: a compressed copy. One that was not kept, because something had changed meanwhile or there is no room for it, counts for nothing.</summary>
    public void Grow(KeptAnswer answer, int by)
    {
        lock (gate)
        {
            answer.SizeBytes += by;
            if (answer.Fill is null || !answers.TryGetValue(answer.Fill.Key, out var kept) || !ReferenceEquals(kept, answer)) return;
            Count(ShelfOf(answer), by);
            MakeRoom(ShelfOf(answer));
        }
    }

    /// <summary>Drops every answer about this.</summary>
    public void Evict(string tag)
    {
        lock (gate)
        {
            if (!keysByTag.Remove(tag, out var keys)) return;
            var count = 0;
            foreach (var key in keys) count += Drop(key) ? 1 : 0;
            if (count > 0) metrics.Evicted("changed", count);
        }
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        lock (gate)
        {
            foreach (var tag in keysByTag.Keys.ToArray()) Evict(tag);
        }
    }

    private void Keep(AnswerFill fill, KeptAnswer answer)
    {
        if (answers.TryGetValue(fill.Key, out var old)) Forget(old, "expired");
        answer.Fill = fill;
        answers[fill.Key] = answer;
        var shelf = ShelfOf(answer);
        shelf.Queue.Enqueue(answer);
        Count(shelf, answer.SizeBytes);
        MakeRoom(shelf);
    }

    private void MakeRoom(Shelf shelf)
    {
        var now = clock.GetTimestamp();
        var chances = shelf.Queue.Count; // readers may touch as fast as this looks
        while (shelf.Bytes > shelf.Capacity && shelf.Queue.TryDequeue(out var answer))
        {
            if (!answer.IsKept) continue; // dropped before; its place in the queue is all that was left
            if (answer.TakeTouch() && chances-- > 0 && answer.ExpiresAt > now)
            {
                shelf.Queue.Enqueue(answer);
                continue;
            }

            Forget(answer, "capacity");
            answers.TryRemove(answer.Fill!.Key, out _);
            if (!fills.ContainsKey(answer.Fill.Key)) Unindex(answer.Fill);
        }

        // Of lists that are replaced every second only the queue would grow.
        if (shelf.Queue.Count > (2 * answers.Count) + 1_000) shelf.Compact();
    }

    private bool Drop(string key)
    {
        if (fills.Remove(key, out var fill))
        {
            fill.IsOutdated = true;
            Unindex(fill);
        }

        if (!answers.TryRemove(key, out var answer)) return false;
        answer.IsKept = false;
        Count(ShelfOf(answer), -answer.SizeBytes);
        Unindex(answer.Fill!);
        return true;
    }

    private void Forget(KeptAnswer answer, string reason)
    {
        answer.IsKept = false;
        Count(ShelfOf(answer), -answer.SizeBytes);
        metrics.Evicted(reason, 1);
    }

    private Shelf ShelfOf(KeptAnswer answer) => answer.IsList ? lists : documents;

    private void Count(Shelf shelf, long by)
    {
        shelf.Bytes += by;
        metrics.Grew(by);
    }

    private void Index(string tag, string key)
    {
        if (!keysByTag.TryGetValue(tag, out var keys)) keysByTag[tag] = keys = new(StringComparer.Ordinal);
        keys.Add(key);
    }

    private void Unindex(AnswerFill fill)
    {
        Unindex(fill.Tags.First, fill.Key);
        if (fill.Tags.Second is { } second) Unindex(second, fill.Key);
    }

    private void Unindex(string tag, string key)
    {
        if (keysByTag.TryGetValue(tag, out var keys) && keys.Remove(key) && keys.Count == 0) keysByTag.Remove(tag);
    }

    /// <summary>A share of the memory, with what lies in it in the order in which it is looked at.</summary>
    private sealed class Shelf(long capacity)
    {
        public long Capacity => capacity;

        public long Bytes { get; set; }

        public Queue<KeptAnswer> Queue { get; private set; } = new();

        public void Compact() => Queue = new Queue<KeptAnswer>(Queue.Where(answer => answer.IsKept));
    }
}
