using System.Diagnostics;
using System.Text.Json;
using PackRelay.Testing.Http;
using PackRelay.Testing.Servers;

namespace PackRelay.WebhookService.Tests.Deliveries;

/// <summary>Checks requests with the reference implementation of Standard Webhooks, npm's <c>standardwebhooks</c>: signatures, and that they are not older than 5 minutes.</summary>
internal static class StandardVerifier
{
    private const string Script = """
        const { Webhook, WebhookVerificationError } = require(process.argv[1] + '/standardwebhooks');
        let input = '';
        process.stdin.on('data', chunk => input += chunk).on('end', () => {
          const { secrets, requests } = JSON.parse(input);
          const accepts = (secret, { headers, body }) => {
            try {
              new Webhook(secret).verify(Buffer.from(body, 'base64').toString('utf8'), headers);
              return true;
            } catch (error) {
              if (error instanceof WebhookVerificationError) return false;
              throw error;
            }
          };
          process.stdout.write(String(requests.every(request => secrets.some(secret => accepts(secret, request)))));
        });
        """;

    /// <summary>Whether each request verifies with one of the secrets.</summary>
    public static async Task<bool> AcceptsAsync(IReadOnlyList<string> secrets, IReadOnlyList<ReceivedRequest> requests)
    {
        var start = new ProcessStartInfo("node", ["-e", Script, "--", await NodePackages.InstallAsync()])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        var input = new { secrets, requests = requests.Select(request => new { headers = Standard(request), body = request.Body }) };
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(input));
        node.StandardInput.Close();
        var verdict = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        return bool.Parse(verdict);
    }

    private static Dictionary<string, string> Standard(ReceivedRequest request) =>
        new[] { "webhook-id", "webhook-timestamp", "webhook-signature" }.ToDictionary(name => name, name => request.Headers[name], StringComparer.Ordinal);
}
