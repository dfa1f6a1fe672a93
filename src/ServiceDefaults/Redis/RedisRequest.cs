namespace PackRelay.ServiceDefaults.Redis;

/// <summary>
/// One or more commands under way and the task of whoever waits for them. When that task has ended early (time-out, cancellation)
/// the request stays in the connection's queue and swallows its replies: this is what keeps the reply stream in step.
/// </summary>
internal sealed class RedisRequest(int replyCount, long sentAt) : TaskCompletionSource<RedisReply[]>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly RedisReply[] replies = new RedisReply[replyCount];
    private int received;

    public int ReplyCount => replies.Length;

    /// <summary>Timestamp of the client's clock.</summary>
    public long SentAt => sentAt;

    /// <summary>Stores the next reply; true when it was the last.</summary>
    public bool Add(in RedisReply reply)
    {
        replies[received++] = reply;
        return received == replies.Length;
    }

    public void Complete() => TrySetResult(replies);
}
