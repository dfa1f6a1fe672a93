using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PackRelay.EndToEnd.Tests.Documents;
using PackRelay.Testing;

namespace PackRelay.EndToEnd.Tests;

/// <summary>The Railcraft Pack dialect through the gateway, as its old client speaks it: forms, a slash behind each name, and <c>result</c> instead of a status.</summary>
[Collection(HubGroup.Name)]
public sealed class RailcraftTests(Hub hub)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private HttpClient Plain => field ??= new HttpClient { BaseAddress = hub.Gateway };

    [Theory]
    [InlineData("/api/")]
    [InlineData("/api/v1/")]
    public async Task KnownClient_FromTheFirstInstallationToAPatch_HasTheTargetsManifest(string prefix)
    {
        using var publisher = await Publisher.RegisterAsync(hub.Gateway);
        var pack = Publisher.NewSlug("railcraft");
        await Publisher.ExpectAsync(HttpStatusCode.Created, publisher.Client.PostAsJsonAsync("/api/v1/packs", new { slug = pack, name = "A pack", game = "minecraft" }));
        var (kept, map) = (await publisher.UploadAsync(), await publisher.UploadAsync());
        await PublishAsync(publisher, pack, "1.0.0", ("mods/kept.jar", kept, "both", false), ("mods/old.jar", await publisher.UploadAsync(), "both", false),
            ("config/game.cfg", await publisher.UploadAsync(), "client", false), ("mods/map.jar", map, "both", true), ("config/server.cfg", await publisher.UploadAsync(), "server", false));
        var (id, secret) = await NewClientAsync();
        var folder = Directory.CreateTempSubdirectory("railcraft-client-").FullName;
        try
        {
            // current, auth, the whole pack with an optional mod, unzip.
            var installed = await CurrentAsync(prefix, pack);
            var token = (string)(await CallAsync(prefix + "auth/", 0, ("client_id", id), ("client_secret", secret)))["token"]!;
            (string, string)[] key = [("client_id", id), ("client_secret", secret), ("token", token)];
            Assert.Equal("map.jar", (string?)(await CallAsync($"{prefix}get_optional_mods/?pack={pack}", 0))["mods"]![0]!["name"]);
            await InstallAsync(prefix, folder, key, isPatch: false, ("pack", pack), ("opt_mods[]", "map.jar"));
            await AssertIsAsync(folder, publisher, pack, "1.0.0");

            // Servers alone: nothing to do for players. Then a version for them, by a patch.
            await PublishAsync(publisher, pack, "1.0.1", ("mods/kept.jar", kept, "both", false), ("config/server.cfg", await publisher.UploadAsync(), "server", false), ("mods/map.jar", map, "both", true));
            await PublishAsync(publisher, pack, "2.0.0", ("mods/kept.jar", kept, "both", false), ("mods/new.jar", await publisher.UploadAsync(size: 300_000), "both", false),
                ("config/game.cfg", await publisher.UploadAsync(), "both", false), ("mods/map.jar", map, "both", true), ("config/server.cfg", await publisher.UploadAsync(), "server", false));
            var newer = await CurrentAsync(prefix, pack);
            Assert.True(double.Parse(newer, CultureInfo.InvariantCulture) > double.Parse(installed, CultureInfo.InvariantCulture), $"{newer} after {installed}");
            await CallAsync(prefix + "test_token/", 0, key);
            await InstallAsync(prefix, folder, key, isPatch: true, ("pack", pack), ("opt_mods[]", "map.jar"), ("patch_from", installed));
            await AssertIsAsync(folder, publisher, pack, "2.0.0");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task CurlSession_OfTheDocument_InstallsAPackAndPatchesIt()
    {
        using var publisher = await Publisher.RegisterAsync(hub.Gateway);
        var pack = Publisher.NewSlug("railcraft");
        await Publisher.ExpectAsync(HttpStatusCode.Created, publisher.Client.PostAsJsonAsync("/api/v1/packs", new { slug = pack, name = "A pack", game = "minecraft" }));
        var (kept, map) = (await publisher.UploadAsync(), await publisher.UploadAsync());
        await PublishAsync(publisher, pack, "1.0.0", ("mods/kept.jar", kept, "both", false), ("mods/old name.jar", await publisher.UploadAsync(), "both", false));
        var (id, secret) = await NewClientAsync();
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "RAILCRAFT.md"));
        var parts = page[(page.IndexOf("```sh\n", StringComparison.Ordinal) + 6)..page.LastIndexOf("```", StringComparison.Ordinal)].Split("# Later:");
        Assert.Equal(2, parts.Length);
        var folder = Directory.CreateTempSubdirectory("railcraft-session-").FullName;
        try
        {
            // A new version comes between the two parts.
            await File.WriteAllTextAsync(Path.Combine(folder, "session.sh"), $"set -euo pipefail\n{parts[0]}\ntouch installed; until [ -e published ]; do sleep 0.1; done\n# Later:{parts[1]}");
            using var session = Process.Start(new ProcessStartInfo("bash", ["session.sh"])
            {
                WorkingDirectory = folder,
                Environment = { ["PACKRELAY"] = hub.Gateway.ToString().TrimEnd('/'), ["id"] = id, ["secret"] = secret, ["pack"] = pack },
                RedirectStandardOutput = true,
                UseShellExecute = false,
                RedirectStandardError = true,
            })!;
            var (output, errors) = (session.StandardOutput.ReadToEndAsync(), session.StandardError.ReadToEndAsync());
            await Wait.UntilAsync(() => session.HasExited || File.Exists(Path.Combine(folder, "installed")), "the pack is installed", TimeSpan.FromSeconds(60));
            if (!session.HasExited) await AssertIsAsync(Path.Combine(folder, "game"), publisher, pack, "1.0.0");
            await PublishAsync(publisher, pack, "2.0.0", ("mods/kept.jar", kept, "both", false), ("mods/map.jar", map, "both", true), ("config/new.cfg", await publisher.UploadAsync(), "client", false));
            await File.WriteAllTextAsync(Path.Combine(folder, "published"), "");
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            await session.WaitForExitAsync(limit.Token);
            Assert.True(session.ExitCode == 0, $"{await output}\n{await errors}");
            await AssertIsAsync(Path.Combine(folder, "game"), publisher, pack, "2.0.0");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Errors_OfThePage_AreProvokedThroughTheGateway()
    {
        var (id, secret) = await NewClientAsync();
        (string, string) client = ("client_id", id), proof = ("client_secret", secret);
        var token = ("token", (string)(await CallAsync("/api/auth/", 0, client, proof))["token"]!);
        using (var byGet = await Plain.GetAsync("/api/auth/")) await ExpectAsync(byGet, 2);
        await CallAsync("/api/auth/", 3, proof);
        await CallAsync("/api/auth/", 4, client);
        await CallAsync("/api/auth/", 5, client, ("client_secret", "wrong"));
        await CallAsync("/api/test_token/", 7, client, proof);
        await CallAsync("/api/test_token/", 12, client, proof, ("token", "unknown"));
        await CallAsync("/api/bump_ad/", 9, client, proof, token);
        await CallAsync("/api/get_download_url/", 11, client, proof, token, ("pack", Publisher.NewSlug("none")));
        await CallAsync("/api/current/?pack=nobody-has-this", 11);
        await CallAsync("/api/post_ad/", 13, client, proof, token, ("type", "buy"), ("title", "a"), ("body", string.Join(' ', Enumerable.Repeat("word", 101))));
        for (var i = 0; i < 5; i++) await CallAsync("/api/post_ad/", 0, client, proof, token, ("type", "buy"), ("title", "a"), ("body", "b"));
        await CallAsync("/api/post_ad/", 14, client, proof, token, ("type", "buy"), ("title", "a"), ("body", "b"));
        await CallAsync("/api/get_ads/", 15, client, proof, token, ("type", "gift"));
        using var file = await Plain.PostAsync("/api/get_file/", Form(client, proof, token));
        Assert.Equal((HttpStatusCode.BadRequest, "ID is required"), (file.StatusCode, await file.Content.ReadAsStringAsync()));

        // While Identity is away, which the AppHost brings back.
        await UntilAsync(
            8,
            async () =>
            {
                if (await hub.ProcessIdAsync("identity") is not null) await hub.KillAsync("identity"); // again, should it be back before anybody asked
            },
            client, proof, token);
        await UntilAsync(0, () => Task.CompletedTask, client, proof, token);
        await hub.WholeAsync();
    }

    [Fact]
    public async Task Messages_OfAnAdministrator_ReachPlayers()
    {
        var admin = await hub.AdminAsync();
        var text = Publisher.NewSlug("message");
        var created = await Publisher.ExpectAsync(HttpStatusCode.Created, admin.PostAsJsonAsync("/api/v1/admin/messages", new { color = "gold", text, intervalSeconds = 3_600 }));
        await Wait.UntilAsync(async () => (string?)(await CallAsync("/api/get_message/", 0))["text"] == text, "the message is shown", Soon);
        for (var i = 0; i < 5; i++) Assert.NotEqual(text, (string?)(await CallAsync("/api/v1/message", 0))["text"]);
        using var deleted = await admin.DeleteAsync($"/api/v1/admin/messages/{created["id"]}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task Ads_OfAnAccount_ShowItsNameInMinecraft()
    {
        using var browser = HubClient.Create(hub.Gateway, new CookieContainer());
        var (id, secret) = await NewClientAsync(browser);
        await Publisher.ExpectAsync(HttpStatusCode.OK, browser.PatchAsJsonAsync("/api/v1/me", new { minecraftName = "Notch", minecraftUuid = "069a79f444e94726a5befca90e38aaf5" }));
        (string, string) client = ("client_id", id), proof = ("client_secret", secret);
        var token = ("token", (string)(await CallAsync("/api/auth/", 0, client, proof))["token"]!);
        var posted = (long)(await CallAsync("/api/post_ad/", 0, client, proof, token, ("type", "sell"), ("title", "Elytra"), ("body", "as good as new")))["id"]!;
        await Wait.UntilAsync(
            async () =>
            {
                var ads = (await CallAsync("/api/get_ads/", 0, client, proof, token, ("type", "sell")))["ads"]!.AsArray();
                var ad = ads.Single(found => (long)found!["id"]! == posted)!;
                return (string?)ad["minecraft_name"] == "Notch" && (string?)ad["minecraft_uuid"] == "069a79f4-44e9-4726-a5be-fca90e38aaf5";
            },
            "the ad has the name", Soon);
        await CallAsync("/api/delete_ad/", 0, client, proof, token, ("id", $"{posted}"));
    }

    [Fact]
    public async Task UnknownEndpoint_BesideThoseOfTheDialect_IsTheGateways404()
    {
        foreach (var path in new[] { "/api/get_nothing/", "/api/v1/get_nothing/", "/api/currents", "/api/xcurrent", "/api/v2/current" })
            await Publisher.ExpectErrorAsync(HttpStatusCode.NotFound, "not_found", Plain.GetAsync(path));
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static async Task<JsonNode> ExpectAsync(HttpResponseMessage answer, int result)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode}: {text}");
        var envelope = JsonNode.Parse(text)!;
        Assert.True(result == (int)envelope["result"]!, $"{result} expected: {text}");
        if (result == 0) Assert.Equal("", (string?)envelope["msg"]);
        else Assert.NotEqual("", (string?)envelope["msg"]);
        return envelope;
    }

    private static Task<JsonNode> PublishAsync(Publisher publisher, string pack, string version, params (string Path, (string Sha256, int Size) Content, string Side, bool Optional)[] files)
    {
        var manifest = publisher.SignManifest(pack, version, [], change: draft =>
        {
            draft["schemaVersion"] = 3;
            draft["game"] = "minecraft";
            draft["files"] = new JsonArray([.. files.Select(file => new JsonObject
            {
                ["path"] = file.Path, ["sha256"] = file.Content.Sha256, ["size"] = file.Content.Size, ["side"] = file.Side, ["optional"] = file.Optional,
            })]);
        });
        return Publisher.ExpectAsync(HttpStatusCode.Created, publisher.PublishAsync(pack, manifest));
    }

    /// <summary>Hash by hash what the version's manifest lists for players, and nothing else.</summary>
    private static async Task AssertIsAsync(string folder, Publisher publisher, string pack, string version)
    {
        var manifest = JsonNode.Parse(await publisher.Client.GetByteArrayAsync($"/api/v1/packs/{pack}/manifest/{version}"))!;
        var wanted = manifest["files"]!.AsArray().Where(file => (string?)file!["side"] != "server").Select(file => ((string)file!["path"]!, (string)file["sha256"]!)).Order();
        var found = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Path.GetRelativePath(folder, path).Replace('\\', '/'), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))))).Order();
        Assert.Equal(wanted, found);
    }

    private async Task InstallAsync(string prefix, string folder, (string, string)[] key, bool isPatch, params (string, string)[] wishes)
    {
        var url = await CallAsync(prefix + "get_download_url/", 0, [.. key, .. wishes]);
        Assert.Equal(isPatch, (bool)url["is_patch"]!);
        using var answer = await Plain.PostAsync(prefix + "get_file/", Form([.. key, ("id", url["id"]!.ToString())]));
        Assert.Equal((HttpStatusCode.OK, (long)url["size_raw"]!), (answer.StatusCode, answer.Content.Headers.ContentLength));
        Assert.Equal((string?)url["filename"], answer.Content.Headers.ContentDisposition?.FileName);
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(), ZipArchiveMode.Read);
        const string deletions = "_packrelay-deleted.txt";
        Assert.Equal(isPatch, zip.GetEntry(deletions) is not null);
        if (zip.GetEntry(deletions) is { } list)
        {
            using var lines = new StreamReader(await list.OpenAsync(), Encoding.UTF8);
            while (await lines.ReadLineAsync() is { } path) File.Delete(Path.Combine(folder, path));
        }

        await zip.ExtractToDirectoryAsync(folder, overwriteFiles: true);
        File.Delete(Path.Combine(folder, deletions));
    }

    private async Task<string> CurrentAsync(string prefix, string pack)
    {
        var current = await CallAsync($"{prefix}current/?pack={pack}", 0);
        Assert.Equal((string?)current["major"], (string?)current["minor"]);
        return (string)current["major"]!;
    }

    private Task UntilAsync(int result, Func<Task> before, params (string, string)[] fields) => Wait.UntilAsync(
        async () =>
        {
            await before();
            using var answer = await Plain.PostAsync("/api/get_ads/", Form(fields));
            return answer.IsSuccessStatusCode && (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["result"]! == result;
        },
        $"get_ads gives {result}", TimeSpan.FromSeconds(60));

    private async Task<JsonNode> CallAsync(string path, int result, params (string, string)[] fields)
    {
        using var answer = fields.Length == 0 ? await Plain.GetAsync(path) : await Plain.PostAsync(path, Form(fields));
        return await ExpectAsync(answer, result);
    }

    private async Task<(string Id, string Secret)> NewClientAsync(HttpClient? session = null)
    {
        var (username, password) = (Publisher.NewSlug("player"), Publisher.NewSlug("password"));
        using var own = HubClient.Create(hub.Gateway, new CookieContainer());
        var browser = session ?? own;
        await Publisher.ExpectAsync(HttpStatusCode.Created, browser.PostAsJsonAsync("/api/v1/accounts", new { username, email = $"{username}@example.org", password }));
        await Publisher.ExpectAsync(HttpStatusCode.OK, browser.PostAsJsonAsync("/api/v1/sessions", new { login = username, password }));
        var client = await Publisher.ExpectAsync(HttpStatusCode.Created, browser.PostAsJsonAsync("/api/v1/me/clients", new { name = "a launcher" }));
        return ((string)client["clientId"]!, (string)client["clientSecret"]!);
    }
}
