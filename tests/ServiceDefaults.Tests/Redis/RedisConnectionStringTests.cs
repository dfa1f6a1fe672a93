using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.ServiceDefaults.Tests.Redis;

public sealed class RedisConnectionStringTests
{
    [Fact]
    public void Parse_OfWhatAspireInjects_GivesServerAndPassword()
    {
        var options = RedisConnectionString.Parse("localhost:16379,password=a=b/c,ssl=true");
        Assert.Equal(new RedisEndPoint("localhost", 16_379), Assert.Single(options.EndPoints));
        Assert.Equal("a=b/c", options.Password);
        Assert.True(options.Ssl);
        Assert.False(options.AbortOnConnectFail);
        Assert.Equal(TimeSpan.FromSeconds(2), options.CommandTimeout);
    }

    [Fact]
    public void Parse_OfEveryOptionInUse_TakesIt()
    {
        var options = RedisConnectionString.Parse(
            "a, [::1]:7000 ,b:7001,USER=u,defaultDatabase=3,name=me,sslHost=h,abortConnect=true,connectTimeout=100,syncTimeout=200,asyncTimeout=300,keepAlive=9,allowAdmin=true,resolveDns=1");
        Assert.Equal([new("a", 6_379), new("::1", 7_000), new("b", 7_001)], options.EndPoints);
        Assert.Equal(("u", 3, "me", "h", true), (options.User, options.DefaultDatabase, options.ClientName, options.SslHost, options.AbortOnConnectFail));
        Assert.Equal((TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(9)), (options.ConnectTimeout, options.CommandTimeout, options.KeepAlive));
    }

    [Theory]
    [InlineData("a", 6_379)]
    [InlineData("a,ssl=true", 6_380)]
    public void Parse_WithoutAPort_TakesTheUsualOne(string text, int port) => Assert.Equal(port, RedisConnectionString.Parse(text).EndPoints[0].Port);

    [Theory]
    [InlineData("password=x", "names no server")]
    [InlineData("a:0", "port")]
    [InlineData("a:x", "port")]
    [InlineData(":1", "without a host")]
    [InlineData("[::1", "bracket")]
    [InlineData("a,ssl=maybe", "ssl")]
    [InlineData("a,asyncTimeout=-1", "asyncTimeout")]
    [InlineData("a,serviceName=mymaster", "serviceName")]
    [InlineData("a,channelPrefix=x", "channelPrefix")]
    [InlineData("a,pasword=x", "pasword")]
    public void Parse_OfWhatItDoesNotUnderstand_NamesIt(string text, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => RedisConnectionString.Parse(text)).Message, StringComparison.Ordinal);
}
