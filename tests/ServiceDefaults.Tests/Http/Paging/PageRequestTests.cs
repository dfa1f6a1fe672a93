using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using PackRelay.ServiceDefaults.Http.Paging;

namespace PackRelay.ServiceDefaults.Tests.Http.Paging;

public sealed class PageRequestTests
{
    [Theory]
    [InlineData("", 24, null, null)]
    [InlineData("?limit=1", 1, null, null)]
    [InlineData("?limit=100", 100, null, null)]
    [InlineData("?limit=101", 100, null, null)]
    [InlineData("?limit=99999999999999999999", 100, null, null)]
    [InlineData("?offset=0", 24, null, 0)]
    [InlineData("?offset=10000", 24, null, 10000)]
    [InlineData("?cursor=abc&limit=5", 5, "abc", null)]
    [InlineData("?cursor=abc&offset=5", 24, "abc", null)]
    public void Read_GoodQuery_GivesThePart(string query, int limit, string? cursor, int? offset)
    {
        Assert.True(PageRequest.TryRead(new QueryCollection(QueryHelpers.ParseQuery(query)), out var page, out _));
        Assert.Equal(new PageRequest(limit, cursor, offset), page);
    }

    [Theory]
    [InlineData("?limit=0", "invalid_limit")]
    [InlineData("?limit=-1", "invalid_limit")]
    [InlineData("?limit=", "invalid_limit")]
    [InlineData("?limit=ten", "invalid_limit")]
    [InlineData("?limit=1.5", "invalid_limit")]
    [InlineData("?limit=NaN", "invalid_limit")]
    [InlineData("?limit=1&limit=2", "invalid_limit")]
    [InlineData("?offset=10001", "invalid_offset")]
    [InlineData("?offset=-1", "invalid_offset")]
    [InlineData("?offset=x", "invalid_offset")]
    [InlineData("?cursor=", "invalid_cursor")]
    [InlineData("?cursor=a&cursor=b", "invalid_cursor")]
    public void Read_BadQuery_NamesTheParameter(string query, string code)
    {
        Assert.False(PageRequest.TryRead(new QueryCollection(QueryHelpers.ParseQuery(query)), out _, out var error));
        Assert.Equal((400, code), (error.StatusCode, error.Code));
    }
}
