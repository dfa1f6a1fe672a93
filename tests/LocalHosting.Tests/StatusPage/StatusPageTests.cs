using System.Globalization;
using System.Net;
using Microsoft.Playwright;
using PackRelay.LocalHosting.Processes;
using PackRelay.LocalHosting.Tests.Hosting;

namespace PackRelay.LocalHosting.Tests.StatusPage;

public sealed class StatusPageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Page_InARealBrowser_ShowsFiltersRevealsAndUpdates()
    {
        await using var host = await RunningHost.StartAndWaitAsync(folder["data"]);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchPersistentContextAsync(folder["profile"], new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        browser.SetDefaultTimeout(30_000);
        Assertions.SetDefaultExpectTimeout(30_000);
        var page = browser.Pages[0];
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            if (string.Equals(message.Type, "error", StringComparison.Ordinal))
                errors.Add(message.Text);
        };
        await page.GotoAsync(host.StatusPage);

        // Every resource with its state.
        foreach (var resource in (string[])["cache", "back-1", "back-2", "front"])
            await Assertions.Expect(Row(resource).Locator(".state")).ToHaveTextAsync("Healthy");
        await Assertions.Expect(page.Locator("#summary")).ToHaveTextAsync("everything is running and healthy");

        // One console, filtered.
        await Row("front").ClickAsync();
        var lines = page.Locator("#lines div:not(.hidden)");
        await Assertions.Expect(lines.Filter(new() { HasText = "The sample says hello" })).ToHaveCountAsync(1);
        await page.Locator("#filter").FillAsync("NEEDLE");
        await Assertions.Expect(lines).ToHaveCountAsync(1);
        await Assertions.Expect(lines).ToContainTextAsync("A needle in the log");

        // Secrets only after the click.
        var secret = (await File.ReadAllTextAsync(folder["data/secrets/admin-password"])).Trim();
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);
        await page.Locator("#reveal").ClickAsync();
        await Assertions.Expect(page.Locator("#secret-list")).ToContainTextAsync(secret);
        await Assertions.Expect(page.Locator("#secret-list")).ToContainTextAsync("localhost:");
        await page.Locator("#reveal").ClickAsync();
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);

        // A restart shows without a reload.
        await Assertions.Expect(Row("back-1").Locator(".restarts")).ToHaveTextAsync("0");
        Signals.Kill(ProcessTable.Find(int.Parse(await Row("back-1").Locator("td[data-label=process]").InnerTextAsync(), CultureInfo.InvariantCulture))!.Value);
        await Assertions.Expect(Row("back-1").Locator(".restarts")).ToHaveTextAsync("1");
        await Assertions.Expect(Row("back-1").Locator(".state")).ToHaveTextAsync("Healthy");
        Assert.Empty(errors);

        // On a phone nothing sticks out.
        await page.SetViewportSizeAsync(390, 844);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));

        ILocator Row(string resource) => page.Locator($"tr[data-resource='{resource}']");
    }

    [Fact]
    public async Task Requests_FromOtherSites_AreRefused()
    {
        await using var host = await RunningHost.StartAndWaitAsync(folder["data"]);
        using var client = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/", null, null));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await SendAsync(HttpMethod.Get, "/", "rebound.example", null));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await SendAsync(HttpMethod.Post, "/secrets", "rebound.example", "http://rebound.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Post, "/secrets", null, null));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Post, "/secrets", null, "https://evil.example"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await SendAsync(HttpMethod.Get, "/secrets", null, null));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Post, "/secrets", null, host.StatusPage));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, "/logs/nobody", null, null));

        async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string? hostName, string? origin)
        {
            using var request = new HttpRequestMessage(method, host.StatusPage + path);
            request.Headers.Host = hostName;
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return answer.StatusCode;
        }
    }
}
