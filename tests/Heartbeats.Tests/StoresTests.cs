namespace PackRelay.Heartbeats.Tests;

public sealed class StoresTests
{
    [Fact]
    public void ParseLine_OfAPoint_GivesServerAndPlayers()
    {
        var server = Guid.NewGuid();
        Assert.Equal((server, 17), SeriesReader.ParseLine($"heartbeat,,1765000000000,17,{server}"));
    }

    [Theory]
    [InlineData("name,tags,time,players,server")]
    [InlineData("")]
    public void ParseLine_OfAHeadOrNothing_GivesNone(string line) => Assert.Null(SeriesReader.ParseLine(line));

    [Fact]
    public void ParseLine_OfAnError_Throws() => Assert.Throws<InvalidDataException>(() => SeriesReader.ParseLine("error,database not found"));

    [Theory]
    [InlineData("kill:17", "kill", 17, 0)]
    [InlineData("stop:18:2.5", "stop", 18, 2.5)]
    public void Parse_OfChaos_GivesKindProcessAndSeconds(string text, string kind, int process, double seconds) =>
        Assert.Equal(new Chaos(kind, process, TimeSpan.FromSeconds(seconds)), Chaos.Parse(text));

    [Fact]
    public void Parse_OfAnyOtherChaos_Throws() => Assert.Throws<ArgumentException>(() => Chaos.Parse("melt:17"));
}
