using System.Diagnostics;
using System.Text.Json;
using PackRelay.Testing.Servers;

namespace PackRelay.Testing.Http;

/// <summary>MessagePack and Zstandard by implementations that are none of ours: npm's <c>@msgpack/msgpack</c> and <c>fzstd</c>. Whole numbers of 64 bits stay exact.</summary>
public static class NodeMessagePack
{
    private const string Script = """
        const { encode, decode } = require(process.argv[1] + '/@msgpack/msgpack');
        const { decompress } = require(process.argv[1] + '/fzstd');
        let input = '';
        const read = text => JSON.parse(text.replace(/([:\[,]\s*)(-?\d{16,})(?=\s*[,\]}])/g, '$1"@big@$2"'), (_, value) =>
          typeof value === 'string' && value.startsWith('@big@') ? BigInt(value.slice(5)) : value);
        const write = value => {
          if (typeof value === 'bigint') return value.toString();
          if (Array.isArray(value)) return '[' + value.map(write).join(',') + ']';
          if (value !== null && typeof value === 'object') return '{' + Object.entries(value).map(([name, member]) => JSON.stringify(name) + ':' + write(member)).join(',') + '}';
          return JSON.stringify(value);
        };
        process.stdin.on('data', chunk => input += chunk).on('end', () => {
          const results = JSON.parse(input).map(item => item.json !== undefined
            ? Buffer.from(encode(read(item.json), { useBigInt64: true })).toString('base64')
            : write(decode(item.isZstd ? decompress(Buffer.from(item.bytes, 'base64')) : Buffer.from(item.bytes, 'base64'), { useBigInt64: true })));
          process.stdout.write(JSON.stringify(results));
        });
        """;

    /// <summary>JSON texts as MessagePack.</summary>
    public static async Task<List<byte[]>> EncodeAsync(IEnumerable<string> texts) => (await RunAsync(texts.Select(json => (object)new { json }))).ConvertAll(Convert.FromBase64String);

    /// <summary>MessagePack, compressed or not, as JSON texts.</summary>
    public static Task<List<string>> DecodeAsync(IEnumerable<(byte[] Bytes, bool IsZstd)> bodies) => RunAsync(bodies.Select(body => (object)new { bytes = Convert.ToBase64String(body.Bytes), isZstd = body.IsZstd }));

    private static async Task<List<string>> RunAsync(IEnumerable<object> items)
    {
        var start = new ProcessStartInfo("node", ["-e", Script, "--", await NodePackages.InstallAsync()])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(items));
        node.StandardInput.Close();
        var results = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        if (node.ExitCode != 0) throw new InvalidOperationException("node could not read or write these values.");
        return JsonSerializer.Deserialize<List<string>>(results)!;
    }
}
