using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PackRelay.Archives;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.RailcraftPack.Archives;
using PackRelay.Generator;

if (args is not [("fill" or "patch") and var command, ..])
{
    await Console.Error.WriteLineAsync("""
        fill --pack FOLDER --files N --bytes N
            makes a pack of so many files of about so many bytes
        patch --pack FOLDER --times N
            makes the patch between its two versions, as the catalog does, so many times after a first one; prints one line of JSON with the seconds of each
        """);
    return 2;
}

var options = new Arguments(args[1..]);
var pack = new PackFolder(Path.GetFullPath(options.Text("pack")));
if (command == "fill")
{
    await pack.FillAsync(options.Number("files"), options.Number("bytes"), CancellationToken.None);
    return 0;
}

var blobs = new BlobFolder(Options.Create(new BlobOptions { Directory = pack.Blobs }), new BlobHost());
var builder = new ArchiveBuilder(blobs);
var (from, to) = (await File.ReadAllBytesAsync(pack.Old), await File.ReadAllBytesAsync(pack.New));
var seconds = new List<double>();
long sizeBytes = 0;
for (var time = 0; time <= options.Number("times"); time++)
{
    var started = Stopwatch.GetTimestamp();
    (var sha256, sizeBytes) = await builder.BuildAsync(to, from, [], CancellationToken.None);
    seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
    await blobs.DeleteAsync(sha256, CancellationToken.None);
}

using var self = Process.GetCurrentProcess();
Console.WriteLine(JsonSerializer.Serialize(new { seconds = seconds.Skip(1), sizeBytes, peakBytes = self.PeakWorkingSet64 }));
return 0;
