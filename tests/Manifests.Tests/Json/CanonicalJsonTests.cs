using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using PackRelay.Manifests.Json;

namespace PackRelay.Manifests.Tests.Json;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void TryWrite_PublishedVector_IsByteExact()
    {
        var canonical = Bytes(Samples.Object().ToJsonString(), omit: "signature");
        Assert.Equal(Samples.Vector, Encoding.UTF8.GetString(canonical));
        Assert.Equal(309, canonical.Length);
        Assert.Equal("8b828b5176b8c9094051f9529633eb750ce9d10aa5d9ce476b876f66ebf6547c", Convert.ToHexStringLower(SHA256.HashData(canonical)));
    }

    [Fact]
    public void TryWrite_NamesBeyondTheBasicPlane_SortsByUtf16CodeUnits() => Assert.Equal(
        "{\"\":8,\"10\":6,\"9\":7,\"z\":5,\"é\":4,\"🦊\":2,\"\uE000\":1,\"\uFFFF\":3}",
        Canonical("""{"\uE000":1,"🦊":2,"\uFFFF":3,"é":4,"z":5,"10":6,"9":7,"":8}"""));

    [Theory]
    [InlineData("""{"b":1,"a":{"d":[2,{"z":0,"y":0}],"c":3}}""", """{"a":{"c":3,"d":[2,{"y":0,"z":0}]},"b":1}""")]
    [InlineData(" [ true , false,\tnull\r\n] ", "[true,false,null]")]
    [InlineData("{}", "{}")]
    [InlineData("\"text\"", "\"text\"")]
    [InlineData("""{"\u0062":1,"a":2}""", """{"a":2,"b":1}""")]
    [InlineData("""{"a\"\u000a":1}""", """{"a\"\n":1}""")]
    public void TryWrite_AnySpelling_GivesTheOneForm(string json, string expected) => Assert.Equal(expected, Canonical(json));

    [Theory]
    [InlineData("""\" \\ \/ \b\f\n\r\t""", """\" \\ / \b\f\n\r\t""")]
    [InlineData("""\u0008\u000C\u000a\u000D\u0009\u0022\u005C\u002F""", """\b\f\n\r\t\"\\/""")]
    [InlineData("""\u0000\u0001\u000B\u001F""", """\u0000\u0001\u000b\u001f""")]
    [InlineData("""\u007F\u2028\u2029\u003c>&'+""", "\u007F\u2028\u2029<>&'+")]
    [InlineData("""\u00e9\ud83e\udD8A é🦊\uFFFF""", "é🦊 é🦊\uFFFF")]
    public void TryWrite_Escapes_AreThoseOfJsonStringify(string inside, string expected) => Assert.Equal($"\"{expected}\"", Canonical($"\"{inside}\""));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0e5", "0")]
    [InlineData("0e999999999999999999999", "0")]
    [InlineData("5.0", "5")]
    [InlineData("1e3", "1000")]
    [InlineData("1E+3", "1000")]
    [InlineData("-12.50e1", "-125")]
    [InlineData("1000e-3", "1")]
    [InlineData("0.0012e4", "12")]
    [InlineData("10.20e1", "102")]
    [InlineData("100.0", "100")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("-9007199254740991.00", "-9007199254740991")]
    [InlineData("90071992547409910e-1", "9007199254740991")]
    public void TryWrite_SafeInteger_IsPlainDecimal(string number, string expected) => Assert.Equal(expected, Canonical(number));

    [Theory]
    [InlineData("1.5")]
    [InlineData("0.1")]
    [InlineData("1e-1")]
    [InlineData("1e-400")]
    [InlineData("1e400")]
    [InlineData("1e999999999999999999999")]
    [InlineData("-1e-999999999999999999999")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740993")]
    [InlineData("9007199254740991.1")]
    [InlineData("123456789012345678901234567890")]
    public void TryWrite_OtherNumber_IsRefused(string number) =>
        Assert.Equal("a[1] must be an integer from -(2^53-1) to 2^53-1", Problem($$"""{"a":[0,{{number}}]}""").ToString());

    [Theory]
    [InlineData("""{"a":1,"a":1}""", "a")]
    [InlineData("""{"x":[{"a":1,"b":2,"\u0061":1}]}""", "x[0].")]
    [InlineData("""{"signature":1,"s\u0069gnature":2}""", "s")]
    public void TryWrite_MemberTwice_IsRefused(string json, string path)
    {
        var problem = Problem(json);
        Assert.StartsWith(path, problem.Path, StringComparison.Ordinal);
        Assert.Equal("appears twice in its object", problem.Message);
    }

    [Theory]
    [InlineData("""["\ud800"]""", "[0]")]
    [InlineData("""["\udc00\ud800"]""", "[0]")]
    [InlineData("""["\ud800\ud800\udc00"]""", "[0]")]
    [InlineData("""["\ud800x\udc00"]""", "[0]")]
    [InlineData("""{"a":{"\ud83e":1}}""", "a")]
    public void TryWrite_LoneSurrogate_IsRefused(string json, string path) => Assert.Equal(path, Problem(json).Path);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("[1,]")]
    [InlineData("// no\n1")]
    [InlineData("NaN")]
    [InlineData("01")]
    [InlineData("'a'")]
    [InlineData("\"a\nb\"")]
    [InlineData("\uFEFF{}")]
    public void TryWrite_NotJson_IsRefused(string json) => Assert.Equal("", Problem(json).Path);

    [Fact]
    public void TryWrite_BytesThatAreNotUtf8_AreRefused()
    {
        foreach (var bytes in new byte[][] { [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0xAF, 0x22], Encoding.Unicode.GetBytes("{}"), [0xFF, 0xFE, 0x7B, 0x00] })
            Assert.False(CanonicalJson.TryWrite(bytes, new ArrayBufferWriter<byte>(), out _));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public void TryWrite_Depth_IsBoundedAt64(int depth, bool accepted)
    {
        Assert.Equal(accepted, CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)), new ArrayBufferWriter<byte>(), out _));
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "0" + new string('}', depth);
        Assert.Equal(accepted, CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(objects), new ArrayBufferWriter<byte>(), out _));
    }

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public void TryWrite_MembersOfAnObject_AreBoundedAtAThousand(int count, bool accepted)
    {
        var json = "{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{i}\":0")) + "}";
        Assert.Equal(accepted, CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(json), new ArrayBufferWriter<byte>(), out _));
    }

    [Fact]
    public void TryWrite_Failure_WritesNothing()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.False(CanonicalJson.TryWrite("""{"a":1,"b":1.5}"""u8.ToArray(), output, out _));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void TryWrite_Omit_LeavesOutTheRootMemberOnly()
    {
        Assert.Equal("""{"a":{"signature":2},"z":3}""", Encoding.UTF8.GetString(Bytes("""{"z":3,"s\u0069gnature":1,"a":{"signature":2}}""", "signature")));
        Assert.Equal("{}", Encoding.UTF8.GetString(Bytes("""{"signature":{}}""", "signature")));
    }

    private static byte[] Bytes(string json, string? omit = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(json), output, out var problem, omit), problem?.ToString());
        return output.WrittenSpan.ToArray();
    }

    private static string Canonical(string json) => Encoding.UTF8.GetString(Bytes(json));

    private static ManifestProblem Problem(string json)
    {
        Assert.False(CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(json), new ArrayBufferWriter<byte>(), out var problem));
        return problem;
    }
}
