using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using PackRelay.Manifests.Json;

namespace PackRelay.Manifests.Tests.Json;

/// <summary>Random documents, the same in every run, against JavaScript's own JSON.stringify and sort.</summary>
public sealed class CanonicalJsonPropertyTests
{
    private const int Documents = 1_000;

    private const string Reference = """
        const canonical = value => Array.isArray(value) ? '[' + value.map(canonical).join(',') + ']'
          : value !== null && typeof value === 'object' ? '{' + Object.keys(value).sort().map(name => JSON.stringify(name) + ':' + canonical(value[name])).join(',') + '}'
          : JSON.stringify(value);
        const lines = require('fs').readFileSync(0, 'utf8').split('\n').filter(line => line);
        process.stdout.write(lines.map(line => canonical(JSON.parse(line)) + '\n').join(''));
        """;

    [Fact]
    public async Task TryWrite_RandomDocuments_AgreesWithJavaScript()
    {
        var documents = Enumerable.Range(0, Documents).Select(seed => new RandomJson(seed).Document()).ToArray();
        var expected = (await NodeAsync(string.Join('\n', documents))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Documents, expected.Length);
        for (var i = 0; i < Documents; i++) Assert.Equal(expected[i], Canonical(documents[i]));
    }

    [Fact]
    public void TryWrite_ItsOwnOutput_IsUnchanged()
    {
        for (var seed = 0; seed < Documents; seed++)
        {
            var canonical = Canonical(new RandomJson(seed).Document());
            Assert.Equal(canonical, Canonical(canonical));
        }
    }

    private static string Canonical(string json)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(json), output, out var problem), $"{problem}: {json}");
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static async Task<string> NodeAsync(string input)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var node = Process.Start(new ProcessStartInfo("node", ["-e", Reference])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8,
        })!;
        var output = node.StandardOutput.ReadToEndAsync(limit.Token);
        await node.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
        node.StandardInput.Close();
        await node.WaitForExitAsync(limit.Token);
        Assert.Equal(0, node.ExitCode);
        return await output;
    }

    /// <summary>Spells documents in as many ways as JSON allows. "__proto__" is left out: JavaScript's reader of it is special.</summary>
    private sealed class RandomJson(int seed)
    {
        private readonly Random _random = new(seed);

        public string Document() => Value(depth: 0);

        private string Value(int depth) => _random.Next(depth > 4 ? 4 : 7) switch
        {
            0 => Text(),
            1 => Number(),
            2 => Pick("true", "false", "null"),
            3 => Text(),
            4 => "[" + Space() + string.Join("," + Space(), Many(() => Value(depth + 1))) + Space() + "]",
            _ => "{" + Space() + string.Join("," + Space(), Many(Characters).DistinctBy(string.Concat).Select(name => Quote(name) + Space() + ":" + Space() + Value(depth + 1))) + "}",
        };

        private List<T> Many<T>(Func<T> make) => Enumerable.Range(0, _random.Next(6)).Select(_ => make()).ToList();

        private string Space() => Pick("", "", " ", "\t");

        private string Text() => Quote(Characters());

        private List<string> Characters() => Many(() => _random.Next(4) switch
        {
            0 => ((char)_random.Next(0x80)).ToString(),
            1 => Pick("\"", "\\", "/", "\b", "\n", "\u2028", "\u007f", "é", "\ue000", "\uffff"),
            2 => char.ConvertFromUtf32(_random.Next(0x10000, 0x110000)),
            _ => ((char)_random.Next('a', 'e')).ToString(),
        });

        private string Quote(IEnumerable<string> characters) => "\"" + string.Concat(characters.Select(Spell)) + "\"";

        private string Spell(string character) => character[0] is '"' or '\\' or < ' ' || _random.Next(3) == 0
            ? string.Concat(character.Select(unit => "\\u" + ((int)unit).ToString(Pick("x4", "X4"), CultureInfo.InvariantCulture)))
            : character;

        private string Number()
        {
            var integer = _random.NextInt64(-CanonicalNumber.Max, CanonicalNumber.Max) >> _random.Next(53);
            var digits = integer.ToString(CultureInfo.InvariantCulture);
            return Pick(digits, digits + ".0", digits + "e0", integer == 0 ? "0e-1" : digits + "0e-1", "-0", "0.0", "12.5e1");
        }

        private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
    }
}
