using System.Text.RegularExpressions;

namespace PackRelay.EndToEnd.Tests.Documents;

/// <summary>The list of codes in docs/API.md is closed: it has what the sources can answer with, and nothing else.</summary>
public sealed partial class CodeListTests
{
    private const string AnyField = "invalid_<field>";

    private static readonly string[] Sources =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)];

    [Fact]
    public void Codes_OfTheSources_AreInTheList()
    {
        var listed = Listed();
        var codes = Sources.SelectMany(source => Constant().Matches(source)).Select(code => (Status: code.Groups["status"].Value, Code: code.Groups["code"].Value));
        Assert.DoesNotContain(codes, code => !listed.Contains(code) && !(code.Status == "400" && code.Code.StartsWith("invalid_", StringComparison.Ordinal)));
    }

    [Fact]
    public void Codes_OfTheList_AreInTheSources()
    {
        var text = string.Concat(Sources);
        Assert.DoesNotContain(Listed(), entry => entry.Code != AnyField && !text.Contains($"\"{entry.Code}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Codes_OfTheApiDocument_AreInTheList()
    {
        var listed = Listed().Select(entry => entry.Code).ToHashSet(StringComparer.Ordinal);
        var promised = HubClient.Contract.Operations.SelectMany(operation => operation.Content.GetProperty("responses").EnumerateObject())
            .SelectMany(answer => Quoted().Matches(answer.Value.TryGetProperty("content", out _) && int.Parse(answer.Name, null) >= 400 ? answer.Value.GetProperty("description").GetString()! : ""))
            .Select(code => code.Groups["code"].Value);
        Assert.DoesNotContain(promised, code => !listed.Contains(code) && !code.StartsWith("invalid_", StringComparison.Ordinal));
    }

    private static HashSet<(string Status, string Code)> Listed()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "API.md"));
        var list = page[page.IndexOf("## Codes", StringComparison.Ordinal)..page.IndexOf("## Limits of members", StringComparison.Ordinal)];
        var rows = Row().Matches(list).Select(row => (row.Groups["status"].Value, row.Groups["code"].Value)).ToList();
        Assert.True(rows.Count > 40, "the table of codes could not be read");
        Assert.Equal(rows.Count, rows.Distinct().Count());
        return [.. rows];
    }

    [GeneratedRegex(@"^\| (?<status>\d{3}) \| `(?<code>[a-z_<>]+)` \| \S.* \|$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Row();

    /// <summary>A constant whose documentation begins with its status: so all codes are declared.</summary>
    [GeneratedRegex("""<summary>(?:Code of )?(?<status>[45]\d\d)[:,. ][^\n]*\s+(?:public|internal|private) const string \w+ = "(?<code>[a-z_]+)";""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Constant();

    [GeneratedRegex("`(?<code>[a-z][a-z0-9_]*)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Quoted();
}
