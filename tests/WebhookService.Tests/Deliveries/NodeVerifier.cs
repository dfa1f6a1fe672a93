using System.Diagnostics;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>Checks signatures with a program that shares no code with us: node's crypto. The tests fail where node is missing.</summary>
internal static class NodeVerifier
{
    private const string Script = """
        const crypto = require('crypto');
        const [secret, signature, id, timestamp, entries] = process.argv.slice(1);
        const chunks = [];
        process.stdin.on('data', chunk => chunks.push(chunk)).on('end', () => {
          const body = Buffer.concat(chunks);
          const plain = 'sha256=' + crypto.createHmac('sha256', secret).update(body).digest('hex');
          const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
          const standard = 'v1,' + crypto.createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
          process.stdout.write(`${plain === signature} ${entries.split(' ').indexOf(standard)}`);
        });
        """;

    /// <summary>Whether <c>X-PackRelay-Signature</c> was made with a secret, and which entry of <c>webhook-signature</c> was (-1 for none).</summary>
    public static async Task<(bool Signature, int Entry)> VerifyAsync(string secret, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        var start = new ProcessStartInfo(
            "node", ["-e", Script, "--", secret, headers["X-PackRelay-Signature"], headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"]])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        await node.StandardInput.BaseStream.WriteAsync(body);
        node.StandardInput.Close();
        var words = (await node.StandardOutput.ReadToEndAsync()).Split(' ');
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        return (bool.Parse(words[0]), int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
