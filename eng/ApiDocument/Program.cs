using PackRelay.ApiDocument;

var repository = args.Length > 0 ? args[0] : Environment.CurrentDirectory;
var document = await ApiDocumentBuilder.BuildAsync(repository, Path.Combine(repository, "artifacts", "bin"), "release", CancellationToken.None);
var file = Path.Combine(repository, ApiDocumentBuilder.File);
Directory.CreateDirectory(Path.GetDirectoryName(file)!);
await File.WriteAllTextAsync(file, document);
Console.WriteLine($"Wrote {file}");
