using System.Buffers;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>
/// Commands that travel together: one write to the server, all replies awaited at once, no round trip in between.
/// Not a transaction: other clients' commands may run in between, unless the caller adds MULTI and EXEC.
/// Not safe for use by several threads; after <see cref="Clear"/> the same instance and its memory serve again.
/// </summary>
public sealed class RedisBatch
{
    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly List<ScriptCall> scriptCalls = [];

    /// <summary>Number of commands added, which is the number of replies.</summary>
    public int Count { get; private set; }

    internal ReadOnlySpan<byte> WrittenBytes => bytes.WrittenSpan;

    /// <summary>Adds a command.</summary>
    /// <returns>The index of its reply.</returns>
    public int Add(ReadOnlySpan<byte> command, params ReadOnlySpan<RedisArgument> arguments)
    {
        RespWriter.WriteCommand(bytes, command, arguments);
        return Count++;
    }

    /// <summary>Adds a call of a script. If the server does not know the script yet, the call runs after the rest of the batch, else in its place.</summary>
    /// <returns>The index of its reply.</returns>
    public int Add(RedisScript script, ReadOnlySpan<RedisArgument> keys, ReadOnlySpan<RedisArgument> arguments)
    {
        var start = bytes.WrittenCount;
        RespWriter.WriteHeader(bytes, (byte)'*', keys.Length + arguments.Length + 3);
        RespWriter.WriteBulk(bytes, "EVALSHA"u8);
        RespWriter.WriteBulk(bytes, script.Digest);
        var tail = bytes.WrittenCount;
        ((RedisArgument)keys.Length).WriteTo(bytes);
        RespWriter.WriteArguments(bytes, keys);
        RespWriter.WriteArguments(bytes, arguments);
        scriptCalls.Add(new ScriptCall(Count, script, keys.Length + arguments.Length + 3, start, tail, bytes.WrittenCount));
        return Count++;
    }

    /// <summary>Empties the batch and keeps its memory. Not before the task of its execution has ended.</summary>
    public void Clear()
    {
        bytes.ResetWrittenCount();
        scriptCalls.Clear();
        Count = 0;
    }

    /// <summary>
    /// The calls that failed because the server did not know their script, once more: the first of each script with its text, which
    /// makes it known, the others by digest. Null when there are none. <paramref name="indexes"/> tells whose replies they are.
    /// </summary>
    internal RedisBatch? WithoutKnownScripts(RedisReply[] replies, out List<int> indexes)
    {
        indexes = [];
        RedisBatch? again = null;
        HashSet<RedisScript>? sent = null;
        foreach (var call in scriptCalls)
        {
            if (!replies[call.Index].IsErrorStartingWith("NOSCRIPT"u8))
                continue;
            again ??= new RedisBatch();
            if ((sent ??= []).Add(call.Script))
            {
                RespWriter.WriteHeader(again.bytes, (byte)'*', call.Parts);
                RespWriter.WriteBulk(again.bytes, "EVAL"u8);
                RespWriter.WriteBulk(again.bytes, call.Script.Body);
                again.bytes.Write(WrittenBytes[call.Tail..call.End]);
            }
            else
            {
                again.bytes.Write(WrittenBytes[call.Start..call.End]);
            }

            indexes.Add(call.Index);
            again.Count++;
        }

        return again;
    }

    /// <summary>Where a script call lies in the written bytes; its tail starts after the digest.</summary>
    private readonly record struct ScriptCall(int Index, RedisScript Script, int Parts, int Start, int Tail, int End);
}
