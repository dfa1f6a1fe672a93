using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PackRelay.CatalogService.Solder.Import;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.Testing.Servers;

namespace PackRelay.CatalogService.Tests.Solder;

public sealed class ImportTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    private readonly string slug = SolderUser.NewName("pack");

    private readonly string mod = SolderUser.NewName();

    [Fact]
    public async Task Import_OfAnotherSolder_BringsModpacksBuildsAndMods()
    {
        await using var other = await OtherSolder.StartAsync();
        Record(other);
        var owner = await OwnerAsync();
        var (code, output) = await RunAsync(other, owner.Caller.Username);
        Assert.True(code == 0, output);
        Assert.Contains("imported 3 modpacks, 4 builds, 3 versions of mods; 5 changed, 0 left out", output, StringComparison.Ordinal);
        Assert.DoesNotContain(OtherSolder.Key, output, StringComparison.Ordinal);

        var pack = await api.Anonymous.GetAsync($"/api/modpack/{slug}").JsonAsync();
        Assert.Equal(("Pack " + slug, "https://example.org/", "1.0", "1.1", "1.0,1.1"), (
            pack.GetProperty("display_name").GetString(), pack.GetProperty("url").GetString(), pack.GetProperty("recommended").GetString(), pack.GetProperty("latest").GetString(),
            string.Join(',', pack.GetProperty("builds").Texts())));
        var build = await api.Anonymous.GetAsync($"/api/modpack/{slug}/1.0?include=mods").JsonAsync();
        Assert.Equal(("1.7.10", "1.8", 2048, "10.13"), (
            build.GetProperty("minecraft").GetString(), build.GetProperty("java").GetString(), build.GetProperty("memory").GetInt32(), build.GetProperty("forge").GetString()));
        var first = build.GetProperty("mods")[0];
        Assert.Equal((mod, "1.0", "abc", 5_000_000_000, $"https://mods.example.com/{mod}-1.0.zip", "My Mod"), (
            first.GetProperty("name").GetString(), first.GetProperty("version").GetString(), first.GetProperty("md5").GetString(), first.GetProperty("filesize").GetInt64(), first.GetProperty("url").GetString(),
            first.GetProperty("pretty_name").GetString()));
        Assert.Equal(["1.0", "2.0", "0.9"], (await api.Anonymous.GetAsync($"/api/mod/{mod}").JsonAsync()).GetProperty("versions").Texts()); // the last one stands in no build

        // What could be read without the key is open here too, the rest is not.
        Assert.Equal(["2.0"], (await api.Anonymous.GetAsync($"/api/modpack/{slug}-hidden").JsonAsync()).GetProperty("builds").Texts());
        Assert.False((await api.Anonymous.GetAsync("/api/modpack").JsonAsync()).GetProperty("modpacks").TryGetProperty(slug + "-hidden", out _));
        await api.Anonymous.GetAsync($"/api/modpack/{slug}-private").NotFoundAsync("Modpack does not exist");
        Assert.Equal(["3.0"], (await SolderUser.Key(api).GetAsync($"/api/modpack/{slug}-private").JsonAsync()).GetProperty("builds").Texts());
        Assert.Equal(owner.Caller.AccountId, await api.ScalarAsync<Guid>("SELECT owner_id FROM packs WHERE slug = $1", slug));
    }

    [Fact]
    public async Task Import_Again_ChangesNothingUntilTheOtherSideDoes()
    {
        await using var other = await OtherSolder.StartAsync();
        Record(other);
        var owner = await OwnerAsync();
        await RunAsync(other, owner.Caller.Username);
        var before = await api.ScalarAsync<string>("SELECT string_agg(p.revision || ' ' || s.updated_at, ',' ORDER BY p.slug) FROM packs p JOIN solder_packs s ON s.pack_id = p.id WHERE p.slug LIKE $1", slug + "%");
        var (code, output) = await RunAsync(other, owner.Caller.Username);
        Assert.True(code == 0 && output.Contains("; 0 changed, 0 left out", StringComparison.Ordinal), output);
        Assert.Equal(before, await api.ScalarAsync<string>("SELECT string_agg(p.revision || ' ' || s.updated_at, ',' ORDER BY p.slug) FROM packs p JOIN solder_packs s ON s.pack_id = p.id WHERE p.slug LIKE $1", slug + "%"));

        other.Answers[$"modpack/{slug}/1.0"] = """{"minecraft":"1.7.10","forge":null,"mods":[]}""";
        (_, output) = await RunAsync(other, owner.Caller.Username);
        Assert.Contains("; 1 changed, 0 left out", output, StringComparison.Ordinal);
        Assert.Equal(0, (await api.Anonymous.GetAsync($"/api/modpack/{slug}/1.0").JsonAsync()).GetProperty("mods").GetArrayLength());
    }

    [Fact]
    public async Task Import_ThatBreaksOff_GoesOnWhereItStopped()
    {
        await using var other = await OtherSolder.StartAsync();
        Record(other);
        var owner = await OwnerAsync();
        other.Failures[$"modpack/{slug}/1.1"] = (HttpStatusCode.Gone, int.MaxValue); // not to be tried again
        var (code, output) = await RunAsync(other, owner.Caller.Username);
        Assert.True(code == 2 && output.Contains("goes on where it stopped", StringComparison.Ordinal), output);
        Assert.Equal(["1.0"], (await api.Anonymous.GetAsync($"/api/modpack/{slug}").JsonAsync()).GetProperty("builds").Texts());
        other.Failures.Clear();
        other.Asked.Clear();
        (code, output) = await RunAsync(other, owner.Caller.Username);
        Assert.True(code == 0 && output.Contains("build 1.0: imported before", StringComparison.Ordinal), output);
        Assert.DoesNotContain(other.Asked, path => path == $"modpack/{slug}/1.0");
        Assert.Equal(["1.0", "1.1"], (await api.Anonymous.GetAsync($"/api/modpack/{slug}").JsonAsync()).GetProperty("builds").Texts());
    }

    [Fact]
    public async Task Import_WhileTheOtherSideIsBusy_TriesAgain()
    {
        await using var other = await OtherSolder.StartAsync();
        Record(other);
        other.Failures[$"modpack/{slug}/1.0"] = (HttpStatusCode.TooManyRequests, 2);
        other.Failures["modpack"] = (HttpStatusCode.BadGateway, 1);
        var (code, output) = await RunAsync(other, (await OwnerAsync()).Caller.Username);
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Import_DryRun_WritesNothing()
    {
        await using var other = await OtherSolder.StartAsync();
        Record(other);
        var (code, output) = await RunAsync(other, (await OwnerAsync()).Caller.Username, "--dry-run");
        Assert.True(code == 0 && output.Contains("would import 3 modpacks, 4 builds, 3 versions of mods; 4 are new, 0 left out", StringComparison.Ordinal), output);
        await api.Anonymous.GetAsync($"/api/modpack/{slug}").NotFoundAsync("Modpack does not exist");
        await api.Anonymous.GetAsync($"/api/mod/{mod}").NotFoundAsync("Mod does not exist");
    }

    [Fact]
    public async Task Import_WhatCannotBeKept_IsLeftOutAndSaid()
    {
        await using var other = await OtherSolder.StartAsync();
        Record(other);
        await SolderUser.Full(api).Publisher.CreatePackAsync(slug); // somebody else's
        other.Answers[$"modpack/{slug}-hidden/2.0"] = """{"minecraft":"1","mods":[{"name":"a/b","version":null,"md5":"","url":"https://example.org/a.zip"}]}""";
        var (code, output) = await RunAsync(other, (await OwnerAsync()).Caller.Username);
        Assert.Equal(1, code);
        Assert.Contains($"left out: modpack {slug}: the slug is another account's here", output, StringComparison.Ordinal);
        Assert.Contains("left out: mod a/b", output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(other, "nobody-has-this")).Code);
    }

    [Theory]
    [InlineData("modpack", """{"answer":"of something else"}""", "names no modpacks")]
    [InlineData("modpack", "<html>", "is not JSON")]
    public async Task Import_OfWhatIsNoSolder_SaysSo(string path, string answer, string text)
    {
        await using var other = await OtherSolder.StartAsync();
        other.Answers[path] = answer;
        var (code, output) = await RunAsync(other, (await OwnerAsync()).Caller.Username);
        Assert.True(code == 2 && output.Contains(text, StringComparison.Ordinal), output);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "is this the address of a Solder API")]
    [InlineData(HttpStatusCode.Forbidden, "modpack: the other Solder answers 403")]
    public async Task Import_WithoutAListOfModpacks_GoesNoFurtherAndForgetsNothing(HttpStatusCode status, string text)
    {
        await using var other = await OtherSolder.StartAsync();
        Record(other);
        var owner = await OwnerAsync();
        other.Failures[$"modpack/{slug}/1.1"] = (HttpStatusCode.Gone, int.MaxValue);
        await RunAsync(other, owner.Caller.Username);
        other.Failures["modpack"] = (status, 1);
        var (code, output) = await RunAsync(other, owner.Caller.Username);
        Assert.True(code == 2 && output.Contains(text, StringComparison.Ordinal), output);
        Assert.Equal("1.0", await api.ScalarAsync<string>("SELECT version FROM solder_import_builds WHERE pack = $1", slug)); // a run that was broken off goes on there
    }

    [Fact]
    public async Task Import_OfTextThatIsNone_LeavesItOut()
    {
        await using var other = await OtherSolder.StartAsync();
        Record(other);
        other.Answers[$"modpack/{slug}"] = $$"""{"name":"{{slug}}","display_name":"\ud800","url":"\udc00","builds":["1.0"]}""";
        other.Answers["mod"] = """{"mods":{"\ud800":"x"}}""";
        var (code, output) = await RunAsync(other, (await OwnerAsync()).Caller.Username);
        Assert.True(code == 0, output);
        Assert.Equal(slug, (await api.Anonymous.GetAsync($"/api/modpack/{slug}").JsonAsync()).GetProperty("display_name").GetString());
    }

    [Fact]
    public async Task Import_WhenTheDatabaseFails_SaysThatItGoesOn()
    {
        await using var other = await OtherSolder.StartAsync();
        Record(other);
        var owner = await OwnerAsync();
        await api.ExecuteAsync("ALTER TABLE solder_import_builds RENAME TO away");
        try
        {
            var (code, output) = await RunAsync(other, owner.Caller.Username);
            Assert.True(code == 2 && output.Contains("goes on where it stopped", StringComparison.Ordinal), output);
        }
        finally
        {
            await api.ExecuteAsync("ALTER TABLE away RENAME TO solder_import_builds");
        }

        Assert.Equal(0, (await RunAsync(other, owner.Caller.Username)).Code);
    }

    [Fact]
    public async Task Import_OfABuildWhoseVersionIsBeingScannedHere_LeavesItOut()
    {
        await using var other = await OtherSolder.StartAsync();
        Record(other);
        var owner = await OwnerAsync();
        await owner.CreatePackAsync(slug);
        await api.ExecuteAsync(
            """
            INSERT INTO held_versions (pack_id, version, status, publisher_id, publisher_name, credential, credential_id, manifest, manifest_sha256, key_id, published_at, file_count, total_size_bytes, submitted_at, claimed_until)
            SELECT id, '1.0', 'scanning', owner_id, 'u', 'Token', id, '', '', '', '', 0, 0, now(), 'infinity' FROM packs WHERE slug = $1
            """,
            slug);
        other.Answers[$"mod/{mod}"] = """{"versions":{}}"""; // an old one's way of saying none
        var (code, output) = await RunAsync(other, owner.Caller.Username);
        Assert.Equal((1, true), (code, output.Contains($"left out: build {slug} 1.0: it is a signed version here", StringComparison.Ordinal)));
        Assert.Equal(["1.1"], (await api.Anonymous.GetAsync($"/api/modpack/{slug}").JsonAsync()).GetProperty("builds").Texts());
    }

    [Fact]
    public async Task DryRun_OnADatabaseWithoutTables_MakesNone()
    {
        await using var other = await OtherSolder.StartAsync();
        await using var empty = await TestPostgres.CreateAsync();
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, ImportArguments.Command, "--url", other.Url, "--dry-run"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, Environment = { ["ConnectionStrings__catalogdb"] = empty.ConnectionString },
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 2 && output.Contains("a dry run does not make them", StringComparison.Ordinal), output);
        Assert.Equal(0, await empty.Source.ScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", CancellationToken.None));
    }

    [Theory]
    [InlineData("--url https://solder.example/api --key K", "https://solder.example/api/", "K", "admin", false)]
    [InlineData("--dry-run --owner me --url http://a.example/api/", "http://a.example/api/", null, "me", true)]
    public void Arguments_AreRead(string line, string url, string? key, string owner, bool isDryRun)
    {
        Assert.True(ImportArguments.TryRead(line.Split(' '), out var read));
        Assert.Equal(new ImportArguments(new Uri(url), key, owner, isDryRun), read);
    }

    [Theory]
    [InlineData("--key K")]
    [InlineData("--url ftp://a.example")]
    [InlineData("--url")]
    [InlineData("--url https://a.example --unknown")]
    public void Arguments_ThatAreWrong_AreRefused(string line) => Assert.False(ImportArguments.TryRead(line.Split(' '), out _));

    private async Task<(int Code, string Output)> RunAsync(OtherSolder other, string owner, params string[] more)
    {
        Assert.True(ImportArguments.TryRead(["--url", other.Url, "--key", OtherSolder.Key, "--owner", owner, .. more], out var arguments));
        await using var output = new StringWriter();
        var code = await SolderImportFeature.RunAsync(api.Services, arguments, output, CancellationToken.None);
        return (code, output.ToString());
    }

    private async Task<Publisher> OwnerAsync()
    {
        var owner = api.NewPublisher();
        await owner.CreatePackAsync(); // the catalog knows the account from then on
        return owner;
    }

    /// <summary>Answers as Solders of different age give them.</summary>
    private void Record(OtherSolder other)
    {
        other.Answers["modpack"] = $$"""{"modpacks":{"{{slug}}":"Pack {{slug}}"},"mirror_url":"https://mods.example.com/"}""";
        other.Answers["modpack+k"] = $$"""{"modpacks":{"{{slug}}":"Pack {{slug}}","{{slug}}-hidden":"H","{{slug}}-private":"P"},"mirror_url":"https://mods.example.com/"}""";
        other.Answers[$"modpack/{slug}"] = $$"""{"id":1,"name":"{{slug}}","display_name":"Pack {{slug}}","url":"https://example.org/","icon":null,"recommended":"1.0","latest":"1.1","builds":["1.0","1.1"]}""";
        other.Answers[$"modpack/{slug}-hidden"] = $$"""{"name":"{{slug}}-hidden","display_name":"Hidden {{slug}}","url":null,"recommended":null,"latest":null,"builds":["2.0"]}""";
        other.Answers[$"modpack/{slug}-private+k"] = $$"""{"name":"{{slug}}-private","display_name":"Private {{slug}}","builds":["3.0"]}""";
        other.Answers[$"modpack/{slug}/1.0"] = $$"""{"id":9,"minecraft":"1.7.10","java":"1.8","memory":2048,"forge":"10.13","mods":[{"id":4,"name":"{{mod}}","version":"1.0","md5":"ABC","filesize":5000000000,"url":"https://mods.example.com/{{mod}}-1.0.zip","pretty_name":"My Mod","author":null,"description":"D","link":"L"}]}""";
        other.Answers[$"modpack/{slug}/1.1"] = $$"""{"minecraft":"1.7.10","memory":"512","forge":null,"mods":[{"name":"{{mod}}","version":"2.0","md5":"","url":"https://mods.example.com/{{mod}}-2.0.zip"}]}""";
        other.Answers[$"modpack/{slug}-hidden/2.0"] = """{"minecraft":"1","mods":[]}""";
        other.Answers[$"modpack/{slug}-private/3.0+k"] = """{"minecraft":"1","mods":[]}""";
        other.Answers["mod"] = $$$"""{"mods":{"{{{mod}}}":"My Mod"}}""";
        other.Answers[$"mod/{mod}"] = $$"""{"id":1,"name":"{{mod}}","pretty_name":"My Mod","author":null,"description":null,"link":null,"versions":["0.9","1.0"]}""";
        other.Answers[$"mod/{mod}/0.9"] = """{"md5":"x","filesize":null,"url":"https://mods.example.com/old.zip"}""";
        other.Answers[$"mod/{mod}/1.0"] = $$"""{"md5":"ABC","filesize":5000000000,"url":"https://mods.example.com/{{mod}}-1.0.zip"}""";
    }

    /// <summary>Another Solder: recorded answers by path, those with <c>+k</c> only for the key.</summary>
    private sealed class OtherSolder : IAsyncDisposable
    {
        public const string Key = "the-key-of-the-other-solder";

        private readonly WebApplication app;

        private OtherSolder()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            app = builder.Build();
            app.Run(AnswerAsync);
        }

        public ConcurrentDictionary<string, string> Answers { get; } = new();

        public ConcurrentDictionary<string, (HttpStatusCode Status, int Times)> Failures { get; } = new();

        public ConcurrentQueue<string> Asked { get; } = new();

        public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/api";

        public static async Task<OtherSolder> StartAsync()
        {
            var other = new OtherSolder();
            await other.app.StartAsync();
            return other;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private Task AnswerAsync(HttpContext context)
        {
            var path = context.Request.Path.Value!["/api/".Length..];
            Asked.Enqueue(path);
            if (Failures.TryGetValue(path, out var failure) && failure.Times > 0)
            {
                Failures[path] = failure with { Times = failure.Times - 1 };
                context.Response.StatusCode = (int)failure.Status;
                context.Response.Headers.RetryAfter = "0";
                return Task.CompletedTask;
            }

            var hasKey = context.Request.Query["k"] == Key;
            if ((hasKey && Answers.TryGetValue(path + "+k", out var answer)) || Answers.TryGetValue(path, out answer)) return context.Response.WriteAsync(answer);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsync("""{"error":"Modpack does not exist"}""");
        }
    }
}
