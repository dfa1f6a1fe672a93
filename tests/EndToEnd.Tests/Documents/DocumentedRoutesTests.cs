using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace PackRelay.EndToEnd.Tests.Documents;

/// <summary>Walks the API document with the gateway: what it has is there. What is there and not in it, the other tests' clients would find.</summary>
[Collection(HubGroup.Name)]
public sealed class DocumentedRoutesTests(Hub hub)
{
    [Fact]
    public async Task EachOperation_AskedThroughTheGateway_ReachesItsService()
    {
        using var anyone = HubClient.Create(hub.Gateway, followsRedirects: false);
        anyone.DefaultRequestHeaders.Add("Accept", "application/json"); // a dialect would answer in its own format
        var unreachable = new List<string>();
        foreach (var operation in HubClient.Contract.Operations)
        {
            using var request = new HttpRequestMessage(new HttpMethod(operation.Method), Fill(operation.Path));
            if (operation.Content.TryGetProperty("requestBody", out _)) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            using var answer = await anyone.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            var isUnknown = answer.StatusCode == HttpStatusCode.NotFound && ((string?)JsonNode.Parse(text)!["error"])!.StartsWith("there is no route", StringComparison.Ordinal);
            if (isUnknown || answer.StatusCode == HttpStatusCode.MethodNotAllowed) unreachable.Add($"{operation.Method} {operation.Path}: {text}");
        }

        Assert.Empty(unreachable);
    }

    [Fact]
    public async Task DocumentAndPage_OfTheGateway_AreThere()
    {
        using var anyone = HubClient.Create(hub.Gateway);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, ApiDocument.ApiDocumentBuilder.File)), await anyone.GetStringAsync("/openapi.json"));
        Assert.Contains("/docs/start.js", await anyone.GetStringAsync("/docs"), StringComparison.Ordinal);
    }

    /// <summary>Names that are well formed and that nothing has.</summary>
    private static string Fill(string path) => string.Join('/', path.Split('/').Select(segment => segment switch
    {
        "{sha256}" => new string('0', 64),
        ['{', .., '}'] when segment.EndsWith("id}", StringComparison.OrdinalIgnoreCase) && segment != "{keyId}" => "00000000-0000-0000-0000-000000000000",
        "{version}" => "1.0.0",
        "{partNumber}" => "1",
        "{keyId}" => "nobody%2Fnothing",
        ['{', .., '}'] => "nobody-has-this",
        _ => segment,
    }));
}
