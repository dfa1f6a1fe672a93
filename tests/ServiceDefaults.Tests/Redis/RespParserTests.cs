using System.Buffers;
using System.Text;
using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.ServiceDefaults.Tests.Redis;

public sealed class RespParserTests
{
    private const string Replies = "+OK\r\n:-7\r\n$-1\r\n$0\r\n\r\n*0\r\n*-1\r\n*3\r\n$3\r\na\r\n\r\n*2\r\n:1\r\n*1\r\n+x\r\n$1\r\n$\r\n-WRONGTYPE no\r\n";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1_000)]
    public void TryRead_OfPiecesOfAnySize_GivesTheSameReplies(int size)
    {
        var bytes = Encoding.ASCII.GetBytes(Replies);
        var parser = new RespParser();
        var read = new List<string>();
        var arrived = Array.Empty<byte>();
        foreach (var piece in bytes.Chunk(size))
        {
            arrived = [.. arrived, .. piece];
            var input = new ReadOnlySequence<byte>(arrived);
            while (parser.TryRead(ref input, out var reply))
                read.Add(Show(reply));
            arrived = input.ToArray(); // what a pipe keeps
        }

        Assert.Empty(arrived);
        Assert.Equal(["OK", "-7", "null", "", "[]", "null", "[a\r\n,[1,[x]],$]", "error"], read);
    }

    [Theory]
    [InlineData("?what\r\n")]
    [InlineData("\r\n")]
    [InlineData(":12x\r\n")]
    [InlineData(":\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$999999999999\r\n")]
    [InlineData("$1\r\nab\r\n")]
    [InlineData("*-5\r\n")]
    [InlineData("*99999999999\r\n")]
    public void TryRead_OfWhatIsNoReply_Throws(string text) => Assert.Throws<InvalidDataException>(() => Read(text));

    [Fact]
    public void TryRead_OfEndlessNesting_Throws() =>
        Assert.Throws<InvalidDataException>(() => Read(string.Concat(Enumerable.Repeat("*1\r\n", 100_000))));

    private static void Read(string text)
    {
        var input = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(text));
        var parser = new RespParser();
        while (parser.TryRead(ref input, out _))
        {
        }
    }

    private static string Show(RedisReply reply) => reply.Kind switch
    {
        RedisReplyKind.Null => "null",
        RedisReplyKind.Error => "error",
        RedisReplyKind.Array => $"[{string.Join(',', reply.AsArray().Select(Show))}]",
        _ => reply.AsString()!,
    };
}
