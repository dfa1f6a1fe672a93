using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PackRelay.ServiceDefaults.Railcraft;

namespace PackRelay.ServiceDefaults.Tests.Railcraft;

public sealed class RailcraftFieldsTests
{
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData(Form, "a=1&b=x%20y", "1", "x y")]
    [InlineData(Form, "a=0&a=1&b=x+y", "1", "x y")]
    [InlineData(Form, "a=1", "1", "of the query")]
    [InlineData(Form, "a=&b=%F0%9F%A6%8A", null, "🦊")]
    [InlineData("application/json", """{"a":1,"b":"x"}""", "1", "x")]
    [InlineData("application/vnd.x+json; charset=utf-8", """{"a":true,"b":"x\u0000y"}""", "true", "xy")]
    [InlineData("application/json", """{"a":{"b":1},"c":2}""", null, "of the query")]
    [InlineData("application/json", """{"a":null,"b":""}""", null, null)]
    [InlineData("application/json", """{"a":1,"a":2,"b":1.50}""", "2", "1.50")]
    [InlineData("application/json", "{", null, "of the query")]
    [InlineData("text/plain", "a=1", null, "of the query")]
    public async Task Text_OfARequest_IsThatOfTheBodyElseOfTheQuery(string type, string body, string? a, string? b)
    {
        var fields = await ReadAsync(type, body, "?b=of%20the%20query");
        Assert.Equal((a, b), (fields.Text("a"), fields.Text("b")));
        Assert.Null(fields.Text("d"));
    }

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("-5", -5L)]
    [InlineData(" 7 ", 7L)]
    [InlineData("1.0", null)]
    [InlineData("0x10", null)]
    [InlineData("", null)]
    [InlineData("9223372036854775808", null)]
    public async Task Number_OfAText_IsAWholeOne(string text, long? number) => Assert.Equal(number, (await ReadAsync(Form, $"n={Uri.EscapeDataString(text)}")).Number("n"));

    [Theory]
    [InlineData(Form, "m[]=a&m[]=b, c", "a|b, c")]
    [InlineData(Form, "m[1]=b&m[0]=a&m[x][y]=c", "b|a|c")]
    [InlineData(Form, "m=a&m=b", "a|b")]
    [InlineData(Form, "m=a, b,,a", "a|b")]
    [InlineData(Form, "m=[\"a\",\"b, c\",1]", "a|b, c|1")]
    [InlineData(Form, "m=[a", "[a")]
    [InlineData(Form, "m=&mm=x&m2[]=y&xm[]=z", "")]
    [InlineData("application/json", """{"m":["a","b, c",1,true,null,[],{}]}""", "a|b, c|1|true")]
    [InlineData("application/json", """{"m":"a,b"}""", "a|b")]
    [InlineData("application/json", """{"m":{"0":"a","1":"b"}}""", "a|b")]
    [InlineData("application/json", """{"m":7}""", "7")]
    public async Task List_InAnyForm_HasEachItemOnce(string type, string body, string items) => Assert.Equal(items, string.Join('|', (await ReadAsync(type, body)).List("m")));

    [Fact]
    public async Task Bind_OfABodyOverTheLimit_IsRefused()
    {
        var error = await Assert.ThrowsAsync<BadHttpRequestException>(() => ReadAsync(Form, "a=" + new string('a', 64 * 1024)));
        Assert.Equal(StatusCodes.Status413PayloadTooLarge, error.StatusCode);
    }

    [Theory]
    [InlineData("08006", 10)]
    [InlineData("28P01", 10)]
    [InlineData("53300", 10)]
    [InlineData("57P01", 10)]
    [InlineData("42P01", 1)]
    [InlineData("23505", 1)]
    [InlineData("22021", 1)]
    public void ToError_OfTheDatabase_TellsStatementsFromConnections(string state, int number)
    {
        var error = RailcraftFailures.ToError(new Npgsql.PostgresException("a secret", "ERROR", "ERROR", state));
        Assert.Equal((number, $"SQLSTATE {state}"), (error.Number, error.Data));
    }

    [Fact]
    public void ToError_OfAnythingElse_IsInternalAndSaysNothing()
    {
        Assert.Equal(10, RailcraftFailures.ToError(new Npgsql.NpgsqlException("a secret", new IOException())).Number);
        foreach (var exception in new Exception[] { new HttpRequestException("a secret"), new InvalidOperationException("a secret"), new IOException("a secret") })
        {
            var error = RailcraftFailures.ToError(exception);
            Assert.Equal((8, null), (error.Number, error.Data));
        }
    }

    private static async Task<RailcraftFields> ReadAsync(string type, string body, string query = "")
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
        context.Request.ContentType = type;
        context.Request.QueryString = new QueryString(query);
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return (await RailcraftFields.BindAsync(context))!;
    }

    private sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}
