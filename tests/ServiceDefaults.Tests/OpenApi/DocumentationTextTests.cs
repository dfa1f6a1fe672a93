using System.Xml.Linq;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.ServiceDefaults.Tests.OpenApi;

public sealed class DocumentationTextTests
{
    [Fact]
    public void ToMarkdown_ElementsInTheText_AreWrittenAsMarkdown() =>
        Assert.Equal(
            "The `slug` of a *pack*; see `latestVersion` and `other`.",
            DocumentationText.ToMarkdown(XElement.Parse("""
                <summary>
                    The <c>slug</c> of a <em>pack</em>;
                    see <see cref="P:Hub.Pack.LatestVersion"/> and <paramref name="Other"/>.
                </summary>
                """)));

    [Fact]
    public void Of_TypeAndRecordMember_FindsWhatTheirSourcesSay()
    {
        Assert.Equal("One problem of a body.", DocumentationText.Of(typeof(ErrorDetail)));
        Assert.Equal("What is wrong, with the limit.", DocumentationText.Of(typeof(ErrorDetail).GetProperty(nameof(ErrorDetail.Message))!));
        Assert.StartsWith("Most items to answer with: 1 to 100", DocumentationText.Of(typeof(PageRequest).GetProperty(nameof(PageRequest.Limit))!), StringComparison.Ordinal);
    }
}
