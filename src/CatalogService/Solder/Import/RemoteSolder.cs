using System.Globalization;
using System.Net;
using System.Text.Json;

namespace PackRelay.CatalogService.Solder.Import;

/// <summary>
/// Reads another Solder by its read API, old ones too: texts may come as numbers, and a map without entries as a list. What fails for a moment (no connection, 429, a fault of the
/// server) is asked again, with growing pauses or when the server says.
/// </summary>
/// <param name="http">Whose base address is the API.</param>
/// <param name="key">A key of it; null to read what is public.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class RemoteSolder(HttpClient http, string? key, TimeProvider clock)
{
    private const int MostAttempts = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    public bool HasKey => key is not null;

    /// <summary>Slugs of the modpacks.</summary>
    public async Task<IReadOnlyList<string>> ListModpacksAsync(bool withKey, CancellationToken stop) => await ReadAsync("modpack", withKey, stop) is not { } found
        ? throw new ImportException("modpack: the other side lists no modpacks; is this the address of a Solder API, such as https://solder.example/api?")
        : found.TryGetProperty("modpacks", out var modpacks) ? Names(modpacks)
        : throw new ImportException("modpack: the answer names no modpacks; is this the address of a Solder API?");

    /// <summary>A modpack; null when there is none to see.</summary>
    public async Task<RemoteModpack?> ReadModpackAsync(string slug, bool withKey, CancellationToken stop) =>
        await ReadAsync($"modpack/{Uri.EscapeDataString(slug)}", withKey, stop, mayBeForbidden: true) is not { } found
            ? null
            : new RemoteModpack(
                Text(found, "name") ?? slug, Text(found, "display_name") ?? slug, Text(found, "url"), Text(found, "recommended"), Text(found, "latest"),
                found.TryGetProperty("builds", out var builds) && builds.ValueKind == JsonValueKind.Array ? [.. builds.EnumerateArray().Select(Text).OfType<string>()] : []);

    /// <summary>A build; null when there is none to see.</summary>
    public async Task<RemoteBuild?> ReadBuildAsync(string slug, string version, CancellationToken stop) =>
        await ReadAsync($"modpack/{Uri.EscapeDataString(slug)}/{Uri.EscapeDataString(version)}?include=mods", withKey: true, stop, mayBeForbidden: true) is not { } found
            ? null
            : new RemoteBuild(
                Text(found, "minecraft") ?? "", Text(found, "java"), long.TryParse(Text(found, "memory"), CultureInfo.InvariantCulture, out var memory) && memory is > 0 and <= int.MaxValue ? memory : null, Text(found, "forge"),
                found.TryGetProperty("mods", out var mods) && mods.ValueKind == JsonValueKind.Array ? [.. mods.EnumerateArray().Select(mod => ReadMod(mod))] : []);

    /// <summary>Names of the mods; none when the other side does not list them.</summary>
    public async Task<IReadOnlyList<string>> ListModsAsync(CancellationToken stop) =>
        await ReadAsync("mod", withKey: true, stop) is { } found && found.TryGetProperty("mods", out var mods) ? Names(mods) : [];

    /// <summary>All versions of a mod.</summary>
    public async IAsyncEnumerable<RemoteMod> ReadModAsync(string name, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        if (await ReadAsync($"mod/{Uri.EscapeDataString(name)}", withKey: true, stop) is not { } mod || !mod.TryGetProperty("versions", out var versions) || versions.ValueKind != JsonValueKind.Array) yield break;
        foreach (var version in versions.EnumerateArray().Select(Text).OfType<string>())
        {
            if (await ReadAsync($"mod/{Uri.EscapeDataString(name)}/{Uri.EscapeDataString(version)}", withKey: true, stop) is not { } found) continue;
            yield return ReadMod(found) with
            {
                Name = name, Version = version, PrettyName = Text(mod, "pretty_name"), Author = Text(mod, "author"), Description = Text(mod, "description"), Link = Text(mod, "link"),
            };
        }
    }

    private static RemoteMod ReadMod(JsonElement mod) => new(
        Text(mod, "name") ?? "", Text(mod, "version") ?? "", Text(mod, "md5") ?? "", long.TryParse(Text(mod, "filesize"), CultureInfo.InvariantCulture, out var size) && size >= 0 ? size : null, Text(mod, "url"),
        Text(mod, "pretty_name"), Text(mod, "author"), Text(mod, "description"), Text(mod, "link"));

    private static string[] Names(JsonElement map) => map.ValueKind == JsonValueKind.Object ? [.. map.EnumerateObject().Select(member => Whole(() => member.Name)).OfType<string>()] : [];

    private static string? Text(JsonElement holder, string member) => holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(member, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Whole(value.GetString)?.Trim() is { Length: > 0 } text ? text.Replace("\0", "", StringComparison.Ordinal) : null,
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    /// <summary>A text, or null for one that is none: half a surrogate pair may be written in JSON, but not read, nor kept.</summary>
    private static string? Whole(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>An object; null when the other side says that it is not there.</summary>
    private async Task<JsonElement?> ReadAsync(string path, bool withKey, CancellationToken stop, bool mayBeForbidden = false)
    {
        var query = withKey && key is not null ? (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "k=" + Uri.EscapeDataString(key) : "";
        for (var attempt = 1; ; attempt++)
        {
            var pause = FirstPause * Math.Pow(2, attempt - 1);
            try
            {
                using var answer = await http.GetAsync(new Uri(path + query, UriKind.Relative), stop);
                if (answer.IsSuccessStatusCode) return Parse(await answer.Content.ReadAsByteArrayAsync(stop), path);
                if (answer.StatusCode == HttpStatusCode.NotFound || (mayBeForbidden && answer.StatusCode == HttpStatusCode.Forbidden)) return null;
                if (answer.StatusCode < HttpStatusCode.InternalServerError && answer.StatusCode != HttpStatusCode.TooManyRequests || attempt == MostAttempts)
                    throw new ImportException($"{path}: the other Solder answers {(int)answer.StatusCode}");
                pause = answer.Headers.RetryAfter?.Delta ?? pause;
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                if (attempt == MostAttempts) throw new ImportException($"{path}: the other Solder does not answer");
            }

            await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, stop);
        }
    }

    private static JsonElement? Parse(byte[] body, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && !(root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String) ? root.Clone() : null; // old ones say it with 200
        }
        catch (JsonException)
        {
            throw new ImportException($"{path}: the answer is not JSON; is this the address of a Solder API?");
        }
    }
}

/// <summary>The import cannot go on; what it has done so far stays.</summary>
internal sealed class ImportException(string message) : Exception(message);

/// <summary>A modpack of another Solder.</summary>
internal sealed record RemoteModpack(string Slug, string Name, string? Url, string? Recommended, string? Latest, IReadOnlyList<string> Builds);

/// <summary>A build of another Solder.</summary>
internal sealed record RemoteBuild(string Minecraft, string? Java, long? Memory, string? Forge, IReadOnlyList<RemoteMod> Mods);

/// <summary>A version of a mod of another Solder.</summary>
internal sealed record RemoteMod(
    string Name, string Version, string Md5, long? Filesize, string? Url, string? PrettyName, string? Author, string? Description, string? Link)
{
    /// <summary>Whether it can be kept: both names stand in addresses.</summary>
    public bool IsGood => IsSegment(Name) && IsSegment(Version);

    public static bool IsSegment(string text) => text is { Length: > 0 and <= 255 } and not ("." or "..") && text.AsSpan().IndexOfAny("/\\%") < 0 && !text.Any(char.IsControl);
}
