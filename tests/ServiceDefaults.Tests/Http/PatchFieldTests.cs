using System.Text.Json;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.Tests.Http;

public sealed class PatchFieldTests
{
    [Fact]
    public void Read_WithoutTheMember_IsNotSet()
    {
        var patch = Read("{}");

        Assert.False(patch.Text.IsSet);
        Assert.Equal("kept", patch.Text.Or("kept"));
    }

    [Fact]
    public void Read_WithNull_IsSetToNull()
    {
        var patch = Read("""{"text":null,"number":null}""");

        Assert.True(patch.Text.IsSet);
        Assert.Null(patch.Text.Or("replaced"));
        Assert.True(patch.Number.IsSet);
        Assert.Null(patch.Number.Value);
    }

    [Fact]
    public void Read_WithAValue_HoldsIt()
    {
        var patch = Read("""{"text":"new","number":3}""");

        Assert.Equal("new", patch.Text.Or("old"));
        Assert.Equal(3, patch.Number.Value);
    }

    [Theory]
    [InlineData("""{"text":3}""")]
    [InlineData("""{"text":"a\u0000b"}""")]
    [InlineData("""{"number":"3"}""")]
    [InlineData("""{"text":"a","text":"b"}""")]
    public void Read_WithTheWrongType_IsRefused(string json) => Assert.Throws<JsonException>(() => Read(json));

    private static Patch Read(string json) => JsonSerializer.Deserialize<Patch>(json, ApiJson.Options)!;

    private sealed record Patch(PatchField<string?> Text = default, PatchField<int?> Number = default);
}
