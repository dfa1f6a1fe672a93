using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PackRelay.EndToEnd.Tests.Documents;

/// <summary>Sends what <c>requests/*.http</c> say, in order, as a person would with an editor: one cookie jar, and values copied where a comment says so.</summary>
[Collection(HubGroup.Name)]
public sealed partial class RequestFileTests(Hub hub)
{
    /// <summary>In the order in which a newcomer needs them.</summary>
    private static readonly string[] Files = ["accounts", "files", "packs", "railcraft", "servers", "webhooks", "drafts", "teams", "reloaded", "admin", "solder"];

    [Fact]
    public async Task EachRequest_SentInOrder_Succeeds()
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal) { ["host"] = hub.Gateway.ToString().TrimEnd('/'), ["adminPassword"] = Hub.AdminPassword };
        using var client = HubClient.Create(hub.Gateway, new CookieContainer(), followsRedirects: false);
        Assert.Equal(Files.Order(), Directory.EnumerateFiles(Path.Combine(Repository.Root, "requests"), "*.http").Select(Path.GetFileNameWithoutExtension).Order());
        foreach (var file in Files)
        {
            var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "requests", file + ".http"));
            foreach (var variable in Variable().Matches(text).Cast<Match>()) known.TryAdd(variable.Groups["name"].Value, variable.Groups["value"].Value.Trim());
            foreach (var block in Separator().Split(text).Skip(1)) await SendAsync(client, file, block, known);
        }
    }

    private static async Task SendAsync(HttpClient client, string file, string block, Dictionary<string, string> known)
    {
        var lines = block.ReplaceLineEndings("\n").Split('\n');
        var start = Array.FindIndex(lines, line => RequestLine().IsMatch(line));
        Assert.True(start >= 0, $"{file}.http has a block without a request:\n{block}");
        var parts = Fill(lines[start], known).Split(' ');
        var end = Array.FindIndex(lines, start, string.IsNullOrWhiteSpace);
        if (end < 0) end = lines.Length;

        using var request = new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]);
        var body = Fill(string.Join('\n', lines.Skip(end)).Trim(), known);
        request.Content = body.Length > 0 ? new ByteArrayContent(Encoding.UTF8.GetBytes(body)) : null;
        foreach (var header in lines[(start + 1)..end].Select(line => Fill(line, known).Split(": ", 2)))
        {
            if (header[0] == "Content-Type") request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(header[1]);
            else request.Headers.Add(header[0], header[1]);
        }

        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode is >= 200 and < 400, $"{file}.http: {parts[0]} {parts[1]} gave {(int)answer.StatusCode}: {text}");
        foreach (var copy in Copy().Matches(block).Cast<Match>()) known[copy.Groups["name"].Value] = Read(text, copy.Groups["path"].Value);
    }

    private static string Fill(string text, Dictionary<string, string> known) =>
        Reference().Replace(text, reference => known.TryGetValue(reference.Groups["name"].Value, out var value) ? value : throw new KeyNotFoundException(reference.Value));

    private static string Read(string json, string path)
    {
        var node = JsonNode.Parse(json);
        foreach (var step in path.Split('.')) node = int.TryParse(step, null, out var index) ? node![index] : node![step];
        return node!.ToString();
    }

    [GeneratedRegex(@"^@(?<name>\w+) *= *(?<value>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Variable();

    [GeneratedRegex("^###.*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Separator();

    [GeneratedRegex("^(?:GET|HEAD|POST|PUT|PATCH|DELETE) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Reference();

    /// <summary>What a person is told to do with an answer.</summary>
    [GeneratedRegex(@"^# Copy `(?<path>[\w.]+)` of the answer into @(?<name>\w+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Copy();
}
