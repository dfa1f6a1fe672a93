using System.Globalization;
using System.Text;
using Npgsql;
using PackRelay.Generator;
using PackRelay.Manifests.Signing;

if (args.Length == 0)
{
    await Console.Error.WriteLineAsync("""
        public-key --seed HEX                                                      the key's public half, base64
        load       --database CONNECTION --packs N --account ID --username NAME --seed HEX   fills the catalog; the account is the benchmark's own
        check      --gateway URL --packs N [--sample 200]                          verifies random manifests through the API
        upload     --gateway URL --token TOKEN                                     sends the files that have content, with the account's token
        terms      --packs N --kind common|middling|rare --count N                 search terms, one a line
        publishes  --account ID --username NAME --seed HEX --run N --count N       signed manifests to publish: path, tab, body
        """);
    return 2;
}

var options = new Arguments(args[1..]);
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};
var stop = interrupted.Token;
return args[0] switch
{
    "public-key" => await SayAsync([Convert.ToBase64String(Ed25519.DerivePublicKey(Seed()))]),
    "load" => await LoadAsync(),
    "check" => await CheckAsync(),
    "upload" => await UploadAsync(),
    "terms" => await SayAsync(Vocabulary.Terms(options.Text("kind"), options.Number("packs"), options.Number("count"))),
    "publishes" => await SayAsync(Publishes()),
    _ => throw new ArgumentException($"'{args[0]}' is not a command.", nameof(args)),
};

byte[] Seed() => Convert.FromHexString(options.Text("seed"));

GeneratedPublisher Account() => new(Guid.Parse(options.Text("account")), options.Text("username"), options.Text("username"), Seed());

async Task<int> LoadAsync()
{
    await using var db = NpgsqlDataSource.Create(options.Text("database"));
    var clock = TimeProvider.System;
    var start = clock.GetTimestamp();
    await new CatalogLoader(db, new GeneratedCatalog(options.Number("packs")), Account()).RunAsync(
        done => Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {clock.GetElapsedTime(start).TotalSeconds:0.0} s: {done}")), stop);
    return 0;
}

async Task<int> CheckAsync()
{
    using var gateway = new HttpClient { BaseAddress = new Uri(options.Text("gateway")) };
    var problems = await new CatalogCheck(gateway, new GeneratedCatalog(options.Number("packs"))).RunAsync(options.Number("sample", otherwise: 200), stop);
    foreach (var problem in problems) await Console.Error.WriteLineAsync(problem);
    return problems.Count == 0 ? 0 : 1;
}

async Task<int> UploadAsync()
{
    using var gateway = new HttpClient { BaseAddress = new Uri(options.Text("gateway")) };
    gateway.DefaultRequestHeaders.Authorization = new("Bearer", options.Text("token"));
    foreach (var number in Enumerable.Range(GeneratedCatalog.BlobCount, GeneratedCatalog.ContentCount))
    {
        using var content = new ByteArrayContent(GeneratedCatalog.Content(number));
        using var answer = await gateway.PutAsync(new Uri($"/api/v1/files/put?pathname=packs/files/{GeneratedCatalog.Blob(number).Sha256}", UriKind.Relative), content, stop);
        answer.EnsureSuccessStatusCode();
    }

    return 0;
}

IEnumerable<string> Publishes()
{
    var packs = BenchPacks.ForPublishing(Account()).ToArray();
    for (var i = 0; i < options.Number("count"); i++)
    {
        var pack = packs[i % packs.Length];
        var version = BenchPacks.Version(i, string.Create(CultureInfo.InvariantCulture, $"1.{options.Number("run")}.{i / packs.Length}")) with { Blobs = BenchPacks.PublishedFiles(i) };
        yield return $"/api/v1/packs/{pack.Slug}/versions\t{Encoding.UTF8.GetString(SignedManifests.Sign(pack, version))}";
    }
}

static async Task<int> SayAsync(IEnumerable<string> lines)
{
    await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 64 * 1024);
    foreach (var line in lines) await output.WriteLineAsync(line);
    return 0;
}
