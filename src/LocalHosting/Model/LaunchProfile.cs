using System.Text.Json;

namespace PackRelay.LocalHosting;

/// <summary>The part of a project's <c>Properties/launchSettings.json</c> that matters when the AppHost starts the project.</summary>
internal sealed record LaunchProfile(string Name, IReadOnlyList<Uri> ApplicationUrls, IReadOnlyDictionary<string, string> EnvironmentVariables)
{
    /// <summary>The profile of the preferred name, else the first that starts the project itself; null when there is none.</summary>
    public static LaunchProfile? Read(string projectDirectory, string? preferredName)
    {
        var path = Path.Combine(projectDirectory, "Properties", "launchSettings.json");
        return File.Exists(path) ? Parse(File.ReadAllText(path), preferredName) : null;
    }

    public static LaunchProfile? Parse(string json, string? preferredName)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (!document.RootElement.TryGetProperty("profiles", out var profiles))
            return null;
        var candidates = profiles.EnumerateObject().Where(profile => string.Equals(Text(profile.Value, "commandName"), "Project", StringComparison.Ordinal)).ToList();
        if (candidates.Count == 0)
            return null;
        var preferred = candidates.FindIndex(profile => string.Equals(profile.Name, preferredName, StringComparison.Ordinal));
        var chosen = candidates[Math.Max(preferred, 0)];
        var urls = (Text(chosen.Value, "applicationUrl") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var variables = chosen.Value.TryGetProperty("environmentVariables", out var entries)
            ? entries.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString() ?? "", StringComparer.Ordinal)
            : [];
        return new(chosen.Name, [.. urls.Select(url => new Uri(url))], variables);
    }

    private static string? Text(JsonElement profile, string name) => profile.TryGetProperty(name, out var value) ? value.GetString() : null;
}
