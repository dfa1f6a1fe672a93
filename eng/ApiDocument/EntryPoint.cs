namespace PackRelay.ApiDocument;

/// <summary>Writes the document into the checkout that it is started in. Not called Program: tests know the services by that name.</summary>
internal static class EntryPoint
{
    private static async Task Main()
    {
        var repository = Environment.CurrentDirectory;
        var document = await ApiDocumentBuilder.BuildAsync(repository, Path.Combine(repository, "artifacts", "bin"), "release", CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(repository, ApiDocumentBuilder.File), document);
        Console.WriteLine($"Wrote {ApiDocumentBuilder.File}");
    }
}
