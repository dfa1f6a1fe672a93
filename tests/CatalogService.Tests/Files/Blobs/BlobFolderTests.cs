using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PackRelay.CatalogService.Files.Blobs;

namespace PackRelay.CatalogService.Tests.Files.Blobs;

public sealed class BlobFolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("packrelay-blobs-").FullName;

    private readonly BlobFolder blobs;

    public BlobFolderTests() => blobs = new BlobFolder(Options.Create(new BlobOptions { Directory = "kept" }), new Environment(root));

    private string Incoming => Path.Combine(root, "kept", "incoming");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Write_Content_StandsUnderItsHashInTwoLevels()
    {
        var content = new byte[1_000_000];
        var sha256 = Publisher.Sha256(content);
        Assert.Equal((BlobOutcome.Stored, sha256, 1_000_000L), await blobs.WriteAsync(new MemoryStream(content), sha256, limitBytes: 1_000_000, CancellationToken.None));
        Assert.True(File.Exists(Path.Combine(root, "kept", sha256[..2], sha256[2..4], sha256)));
        Assert.Empty(Directory.GetFiles(Incoming));
    }

    [Fact]
    public async Task Write_StreamThatBreaksOff_LeavesNothing()
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() => blobs.WriteAsync(new BrokenStream(), new string('a', 64), limitBytes: 1_000_000, CancellationToken.None));
        Assert.Null(await blobs.FindAsync(new string('a', 64), CancellationToken.None));
        Assert.Empty(Directory.GetFiles(Incoming));
    }

    [Fact]
    public async Task Sweep_FilesOfTheDeadAndTheLiving_RemovesTheFormer()
    {
        await File.WriteAllTextAsync(Path.Combine(Incoming, "left-behind"), "half a file");
        using var writing = new FileStream(Path.Combine(Incoming, "in-progress"), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        Assert.Equal(1, blobs.Sweep());
        Assert.Equal(["in-progress"], Directory.GetFiles(Incoming).Select(Path.GetFileName));
    }

    [Fact]
    public void IsExhausted_TheKernelsOwnError_IsRecognised()
    {
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        Assert.True(DiskSpace.IsExhausted(Assert.ThrowsAny<IOException>(() => full.WriteByte(1))));
        Assert.False(DiskSpace.IsExhausted(new FileNotFoundException()));
    }

    [Fact]
    public void Flush_FolderThatIsNotThere_SaysSo()
    {
        DirectorySync.Flush(root);
        Assert.Contains("No such file", Assert.Throws<IOException>(() => DirectorySync.Flush(Path.Combine(root, "none"))).Message, StringComparison.Ordinal);
    }

    private sealed class BrokenStream : MemoryStream
    {
        private int reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            reads++ < 3 ? ValueTask.FromResult(buffer.Length) : throw new EndOfStreamException();
    }

    private sealed class Environment(string root) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Test";

        public string ApplicationName { get; set; } = "Test";

        public string ContentRootPath { get; set; } = root;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
