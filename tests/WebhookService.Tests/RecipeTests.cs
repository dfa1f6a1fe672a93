using System.Diagnostics;
using PackRelay.Testing.Http;
using PackRelay.WebhookService.Secrets;
using PackRelay.WebhookService.Tests.Deliveries;

namespace PackRelay.WebhookService.Tests;

/// <summary>The recipes of docs/WEBHOOKS.md, run as they are printed there.</summary>
public sealed class RecipeTests(WebhookApi api) : IClassFixture<WebhookApi>
{
    [Fact]
    public async Task Bash_OverARealDelivery_TellsGoodFromBad()
    {
        var (secret, request) = await DeliverAsync();
        var recipe = Block("bash", "$SIGNATURE");

        Assert.Equal("valid", await BashAsync(recipe, secret, request, request.Body));
        Assert.Equal("INVALID", await BashAsync(recipe, secret, request, [.. request.Body, (byte)'\n']));
    }

    [Fact]
    public async Task StandardWebhooksInBash_OverARealDelivery_TellsGoodFromBad()
    {
        var (secret, request) = await DeliverAsync();
        var recipe = Block("bash", "$WEBHOOK_SIGNATURE");

        Assert.Equal("valid", await BashAsync(recipe, secret, request, request.Body));
        Assert.Equal("INVALID", await BashAsync(recipe, secret, request, [.. request.Body, (byte)'\n']));
    }

    [Fact]
    public async Task Node_OverARealDelivery_TellsGoodFromBad()
    {
        var (secret, request) = await DeliverAsync();
        var script = Block("js", "isValid") + """

            const [secret, signature, body] = process.argv.slice(1);
            const bytes = Buffer.from(body, 'base64');
            process.stdout.write([isValid(secret, signature, bytes), isValid(secret, signature, Buffer.concat([bytes, Buffer.from(' ')])), isValid(secret, undefined, bytes)].join());
            """;

        Assert.Equal("true,false,false", await RunAsync("node", ["-e", script, "--", secret, request.Headers["X-PackRelay-Signature"], Convert.ToBase64String(request.Body)]));
    }

    [Fact]
    public async Task StandardWebhooksInNode_OverARealDelivery_TellsGoodFromBad()
    {
        var (secret, request) = await DeliverAsync();
        Assert.Contains("new Webhook(secret).verify(body, headers)", Block("js", "standardwebhooks"), StringComparison.Ordinal);

        Assert.True(await StandardVerifier.AcceptsAsync([secret], [request]));
        Assert.False(await StandardVerifier.AcceptsAsync([secret], [request with { Body = [.. request.Body, (byte)' '] }]));
        Assert.False(await StandardVerifier.AcceptsAsync([SecretVault.Create()], [request]));
    }

    [Fact]
    public async Task Python_OverARealDelivery_TellsGoodFromBad()
    {
        var (secret, request) = await DeliverAsync();
        var script = Block("python", "is_valid") + """

            import base64, sys
            secret, signature, body = sys.argv[1:]
            body = base64.b64decode(body)
            print(is_valid(secret, signature, body), is_valid(secret, signature, body + b" "), is_valid(secret, None, body))
            """;

        Assert.Equal("True False False", await RunAsync("python3", ["-c", script, secret, request.Headers["X-PackRelay-Signature"], Convert.ToBase64String(request.Body)]));
    }

    [Fact]
    public async Task CSharp_OverARealDelivery_TellsGoodFromBad()
    {
        var (secret, request) = await DeliverAsync();
        var signature = request.Headers["X-PackRelay-Signature"];
        var source = Lines(await File.ReadAllTextAsync(Path.Combine(WebhooksPage.Root, "tests", "WebhookService.Tests", "CSharpRecipe.cs")));

        Assert.Contains(Lines(Block("csharp", "IsValid")), source, StringComparison.Ordinal); // so what runs below is what is printed there
        Assert.True(CSharpRecipe.IsValid(secret, signature, request.Body));
        Assert.False(CSharpRecipe.IsValid(secret, signature, [.. request.Body, (byte)' ']));
        Assert.False(CSharpRecipe.IsValid(secret, null, request.Body));
    }

    private async Task<(string Secret, ReceivedRequest Request)> DeliverAsync()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var owner = api.NewOwner();
        var hook = await WebhookApi.CreateAsync(owner, receiver.Url);
        await api.PublishAsync(api.Published(owner.Id));
        return (hook.Secret, await receiver.FirstAsync());
    }

    private static async Task<string> BashAsync(string recipe, string secret, ReceivedRequest request, byte[] body)
    {
        var folder = Directory.CreateTempSubdirectory("packrelay-recipe-");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "body"), body);
            return await RunAsync("bash", ["-c", recipe], folder.FullName, new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["SECRET"] = secret,
                ["SIGNATURE"] = request.Headers["X-PackRelay-Signature"],
                ["WEBHOOK_ID"] = request.Headers["webhook-id"],
                ["WEBHOOK_TIMESTAMP"] = request.Headers["webhook-timestamp"],
                ["WEBHOOK_SIGNATURE"] = request.Headers["webhook-signature"],
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string? folder = null, Dictionary<string, string?>? variables = null)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in variables ?? []) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Trim();
    }

    /// <summary>The code block of a language that mentions something.</summary>
    private static string Block(string language, string mentions) => WebhooksPage.Blocks(language).Single(block => block.Contains(mentions, StringComparison.Ordinal));

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));
}
