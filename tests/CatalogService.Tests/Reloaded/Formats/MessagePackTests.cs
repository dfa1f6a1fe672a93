using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PackRelay.CatalogService.Reloaded.Downloads;
using PackRelay.CatalogService.Reloaded.Formats;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Reloaded;
using PackRelay.Testing.Http;

namespace PackRelay.CatalogService.Tests.Reloaded.Formats;

public sealed class MessagePackTests
{
    private static readonly ulong[] Edges =
        [0, 1, 31, 32, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, uint.MaxValue, uint.MaxValue + 1ul, 1ul << 53, (1ul << 53) + 1, long.MaxValue, 1ul << 63, 18364758544493064721, ulong.MaxValue];

    [Fact]
    public void Unsigned_AtEachEdge_IsExact()
    {
        foreach (var number in Edges)
        {
            var writer = new MessagePackWriter();
            writer.WriteUnsigned(number);
            Assert.Equal(number.ToString(System.Globalization.CultureInfo.InvariantCulture), Json(writer));
        }
    }

    [Fact]
    public void Integer_AtEachEdge_IsExact()
    {
        foreach (var number in Edges.Select(edge => unchecked((long)edge)).SelectMany(edge => new[] { edge, unchecked(-edge), unchecked(~edge) }))
        {
            var writer = new MessagePackWriter();
            writer.WriteInteger(number);
            Assert.Equal(number.ToString(System.Globalization.CultureInfo.InvariantCulture), Json(writer));
        }
    }

    [Fact]
    public async Task Writer_AllForms_IsReadByAnotherImplementation()
    {
        var form = new MessagePackForm();
        var bodies = new List<(byte[], bool)>();
        var wanted = new List<string>();
        foreach (var length in new[] { 0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536 })
        {
            Add(new string('ä', length));
            Add(Enumerable.Range(0, length).Select(i => (long)-i).ToList());
            Add(Enumerable.Range(0, length).ToDictionary(i => $"k{i}", _ => true, StringComparer.Ordinal));
        }

        Add(new List<object?> { null, true, false, "", 5, 5u, -5L, 18364758544493064721ul });
        Add(new DownloadInfo("GitHub", 1, ulong.MaxValue, UserName: "a", RepositoryName: "b", AssetId: 3));
        Assert.Equal(wanted, await NodeMessagePack.DecodeAsync(bodies));

        void Add(object value)
        {
            var writer = new MessagePackWriter();
            form.Write(writer, value);
            bodies.Add((writer.Written.ToArray(), false));
            wanted.Add(JsonSerializer.Serialize(value, value.GetType(), ApiJson.Options));
        }
    }

    [Fact]
    public async Task Reader_WhatAnotherImplementationWrites_IsTheSame()
    {
        var texts = Edges.Select(edge => $$"""{"n":[{{edge}},-{{edge / 2}}],"f":1.5,"t":"日本語 \u0000 \"","e":{},"l":[null,true,false]}""").ToList();
        var packed = await NodeMessagePack.EncodeAsync(texts);
        for (var i = 0; i < texts.Count; i++)
        {
            Assert.True(MessagePackToJson.TryConvert(packed[i], out var json, out var problem), problem);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(texts[i]), JsonNode.Parse(json)), Encoding.UTF8.GetString(json));
        }
    }

    [Theory]
    [InlineData("")] // nothing
    [InlineData("C1")] // never used
    [InlineData("C40100")] // binary
    [InlineData("D40100")] // extension
    [InlineData("D6FF00000000")] // time stamp
    [InlineData("9201")] // breaks off
    [InlineData("A3616")] // breaks off
    [InlineData("DDFFFFFFFF")] // four thousand million items that are not there
    [InlineData("DFFFFFFFFF")]
    [InlineData("DBFFFFFFFF61")]
    [InlineData("C6FFFFFFFF")]
    [InlineData("8101C0")] // a key that is no text
    [InlineData("A1FF")] // no UTF-8
    [InlineData("A3EDA080")] // half a surrogate pair
    [InlineData("CB7FF8000000000000")] // NaN
    [InlineData("CA7F800000")] // infinite
    [InlineData("C0C0")] // something behind
    public void Reader_WhatJsonCannotSay_IsRefused(string hex)
    {
        Assert.False(MessagePackToJson.TryConvert(Convert.FromHexString(hex.Length % 2 == 0 ? hex : hex + "0"), out _, out var problem));
        Assert.Contains("at byte", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Reader_TooDeep_IsRefused()
    {
        Assert.True(MessagePackToJson.TryConvert([.. Enumerable.Repeat((byte)0x91, 32), 0xC0], out _, out _));
        Assert.False(MessagePackToJson.TryConvert([.. Enumerable.Repeat((byte)0x91, 33), 0xC0], out _, out _));
        Assert.False(MessagePackToJson.TryConvert([.. Enumerable.Repeat((byte)0x91, 1_000_000)], out _, out _));
    }

    /// <summary>Random bytes, and good bodies with random changes: none crashes, and none makes the reader take more memory than its input allows.</summary>
    [Fact]
    public void Reader_Fuzzed_NeverFailsAndNeverTakesMuch()
    {
        var random = new Random(20_261_122);
        var writer = new MessagePackWriter();
        new MessagePackForm().Write(writer, new List<object?> { "text", 5ul, new Dictionary<string, object?>(StringComparer.Ordinal) { ["a"] = new List<object?> { null, true, -1L, new string('x', 300) } } });
        var good = writer.Written.ToArray();
        _ = MessagePackToJson.TryConvert(good, out _, out _);
        for (var i = 0; i < 200_000; i++)
        {
            byte[] input;
            if (i % 2 == 0)
            {
                input = new byte[random.Next(0, 64)];
                random.NextBytes(input);
            }
            else
            {
                input = good[..random.Next(1, good.Length + 1)];
                for (var change = random.Next(1, 4); change > 0; change--) input[random.Next(input.Length)] = (byte)random.Next(256);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            if (MessagePackToJson.TryConvert(input, out var json, out var problem)) JsonDocument.Parse(json).Dispose();
            else Assert.NotNull(problem);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 32_768 + (input.Length * 24), Convert.ToHexString(input));
        }
    }

    private static string Json(MessagePackWriter writer)
    {
        Assert.True(MessagePackToJson.TryConvert(writer.Written, out var json, out var problem), problem);
        return Encoding.UTF8.GetString(json);
    }
}
