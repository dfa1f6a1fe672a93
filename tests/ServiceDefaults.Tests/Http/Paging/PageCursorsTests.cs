using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http.Paging;

namespace PackRelay.ServiceDefaults.Tests.Http.Paging;

public sealed class PageCursorsTests
{
    private static readonly string List = PageCursors.ListOf("packs", "recent", "q", null);

    private readonly PageCursors cursors = With("0123456789abcdef0123456789abcdef");

    [Fact]
    public void Read_OwnCursor_GivesThePosition()
    {
        string[] position = ["true", "2026-01-02 03:04:05.123456+00", "é\"🦊"];
        Assert.True(cursors.TryRead(List, cursors.Write(List, position), out var read));
        Assert.Equal(position, read);
    }

    [Fact]
    public void Read_AnyLetterChanged_IsRefused()
    {
        foreach (var length in Enumerable.Range(1, 4)) // every count of letters that base64 may end with
        {
            var cursor = cursors.Write(List, [new string('x', length)]);
            for (var at = 0; at < cursor.Length; at++)
                foreach (var letter in "AQgwz-_=")
                    if (letter != cursor[at]) Assert.False(cursors.TryRead(List, cursor[..at] + letter + cursor[(at + 1)..], out _), $"{at} {letter}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not base64!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Read_Anything_IsRefused(string cursor) => Assert.False(cursors.TryRead(List, cursor, out _));

    [Fact]
    public void Read_CursorOfAnotherListOrKey_IsRefused()
    {
        var cursor = cursors.Write(List, ["1"]);
        Assert.False(cursors.TryRead(PageCursors.ListOf("packs", "recent", null, "q"), cursor, out _));
        Assert.False(With("another key of at least 32 letters").TryRead(List, cursor, out _));
    }

    private static PageCursors With(string key) => new(Options.Create(new CallerOptions { SigningKey = key }));
}
