namespace PackRelay.WebhookService.Tests;

/// <summary>Reads docs/WEBHOOKS.md: what it prints is what the tests run and judge.</summary>
internal static class WebhooksPage
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The code blocks of a language, in order.</summary>
    public static IReadOnlyList<string> Blocks(string language) =>
        [.. File.ReadAllText(Path.Combine(Root, "docs", "WEBHOOKS.md")).Split($"```{language}\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])];

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "PackRelay.sln")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not within the repository."));
}
