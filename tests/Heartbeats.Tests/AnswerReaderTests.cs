using System.Text;

namespace PackRelay.Heartbeats.Tests;

public sealed class AnswerReaderTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 11\r\n\r\nhello world", 200, "hello world")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", 200, "hello world")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n", 200, "hello world")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", 503, "")]
    public void TryRead_OfACompleteAnswer_FindsStatusAndBody(string text, int expectedStatus, string expectedBody)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        Assert.True(AnswerReader.TryRead(bytes, out var status, out var body));
        Assert.Equal((expectedStatus, expectedBody), (status, Encoding.ASCII.GetString(bytes[body])));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")]
    public void TryRead_OfAnyBeginning_WaitsForTheRestAndLeavesItAlone(string text)
    {
        for (var length = 0; length < text.Length; length++)
        {
            var bytes = Encoding.ASCII.GetBytes(text[..length]);
            Assert.False(AnswerReader.TryRead(bytes, out _, out _), text[..length]);
            Assert.Equal(text[..length], Encoding.ASCII.GetString(bytes));
        }
    }

    [Fact]
    public void TryRead_OfSomethingElse_Throws() => Assert.Throws<InvalidDataException>(() => AnswerReader.TryRead("SSH-2.0-OpenSSH\r\n\r\n"u8.ToArray(), out _, out _));
}
