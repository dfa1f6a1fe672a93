using PackRelay.ApiDocument;

namespace PackRelay.EndToEnd.Tests.Documents;

public sealed class ApiDocumentTests
{
    [Fact]
    public async Task CommittedDocument_AgainstTheServicesAsBuilt_IsTheSame()
    {
        var built = await ApiDocumentBuilder.BuildAsync(Repository.Root, Repository.Binaries, Repository.Configuration, CancellationToken.None);
        var committed = await File.ReadAllTextAsync(Path.Combine(Repository.Root, ApiDocumentBuilder.File));
        Assert.True(built == committed, $"{ApiDocumentBuilder.File} lags behind the code, first at:\n{FirstDifference(committed, built)}\nRun eng/api-document.sh and commit what it writes.");
    }

    [Fact]
    public async Task EachPath_OfAService_IsForwardedByTheGateway() =>
        Assert.Empty(await ApiDocumentBuilder.UnreachableAsync(Repository.Root, Repository.Binaries, Repository.Configuration, CancellationToken.None));

    [Fact]
    public void EachOperation_OfTheDocument_SaysWhatItDoesUnderANameOfItsOwn()
    {
        var operations = HubClient.Contract.Operations;
        Assert.Equal(operations.Count, operations.Select(operation => operation.Id).Distinct().Count());
        var silent = operations.Where(operation => !operation.Content.TryGetProperty("description", out var description) || description.GetString()!.StartsWith("Needs the role", StringComparison.Ordinal));
        Assert.Equal([], silent.Select(operation => operation.Id)); // give the handler, or its class, a summary that says more than the route
    }

    private static string FirstDifference(string committed, string built)
    {
        var (old, now) = (committed.Split('\n'), built.Split('\n'));
        var line = Enumerable.Range(0, Math.Min(old.Length, now.Length)).FirstOrDefault(i => old[i] != now[i], Math.Min(old.Length, now.Length) - 1);
        return $"line {line + 1}: '{old[line]}' is '{now[line]}' now";
    }
}
