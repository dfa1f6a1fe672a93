using PackRelay.Manifests.Comparing;
using PackRelay.Manifests.Model;

namespace PackRelay.Manifests.Tests.Comparing;

public sealed class ManifestDiffTests
{
    [Fact]
    public void Compare_AddedChangedRemoved_AreSortedOrdinally()
    {
        var diff = ManifestDiff.Compare(
            [File("same", "1"), File("z-gone", "2"), File("A-gone", "3"), File("b", "4"), File("B", "5")],
            [File("z-new", "6"), File("Z-new", "7"), File("b", "8"), File("B", "9"), File("same", "1")]);
        Assert.Equal(["Z-new", "z-new"], diff.Added.Select(file => file.Path));
        Assert.Equal(["B", "b"], diff.Changed.Select(file => file.Path));
        Assert.Equal(["A-gone", "z-gone"], diff.Removed);
        Assert.Equal("9", diff.Changed[0].Sha256);
    }

    [Fact]
    public void Compare_Download_CountsEachNewContentOnce()
    {
        var diff = ManifestDiff.Compare(
            [File("a", "1", 10), File("old-name", "2", 100)],
            [File("a", "3", 1_000), File("copy-of-a", "3", 1_000), File("new-name", "2", 100), File("b", "4", 10_000)]);
        Assert.Equal(11_000, diff.DownloadSizeBytes);
        Assert.Equal(["b", "copy-of-a", "new-name"], diff.Added.Select(file => file.Path));
        Assert.Equal(["old-name"], diff.Removed);
    }

    [Fact]
    public void Compare_ExecutableMark_ChangesTheFileWithoutADownload()
    {
        var diff = ManifestDiff.Compare([File("a", "1")], [File("a", "1") with { Executable = true }]);
        Assert.Equal("a", Assert.Single(diff.Changed).Path);
        Assert.Equal(0, diff.DownloadSizeBytes);
    }

    [Fact]
    public void Compare_SameFiles_IsEmpty()
    {
        var diff = ManifestDiff.Compare([File("a", "1"), File("b", "2")], [File("b", "2"), File("a", "1")]);
        Assert.Empty(diff.Added);
        Assert.Empty(diff.Changed);
        Assert.Empty(diff.Removed);
        Assert.Equal(0, diff.DownloadSizeBytes);
    }

    [Fact]
    public void Compare_WithNothing_AddsOrRemovesAll()
    {
        Assert.Equal(5, ManifestDiff.Compare([], [File("a", "1", 5)]).DownloadSizeBytes);
        Assert.Equal(["a"], ManifestDiff.Compare([File("a", "1", 5)], []).Removed);
    }

    private static ManifestFile File(string path, string sha256, long sizeBytes = 1) => new(path, sha256, sizeBytes);
}
