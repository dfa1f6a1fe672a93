using System.Net;
using PackRelay.ApiDocument;
using PackRelay.Testing.Documents;

namespace PackRelay.EndToEnd.Tests.Documents;

/// <summary>Clients of the gateway. Every exchange is checked against the committed API document.</summary>
internal static class HubClient
{
    /// <summary>What the committed document promises.</summary>
    public static ApiContract Contract { get; } = ApiContract.Parse(File.ReadAllText(Path.Combine(Repository.Root, ApiDocumentBuilder.File)));

    public static HttpClient Create(Uri gateway, CookieContainer? cookies = null, bool followsRedirects = true)
    {
        var connection = new SocketsHttpHandler { CookieContainer = cookies ?? new CookieContainer(), UseCookies = cookies is not null, AllowAutoRedirect = followsRedirects };
        return new HttpClient(new ContractHandler(Contract) { InnerHandler = connection }) { BaseAddress = gateway };
    }
}
