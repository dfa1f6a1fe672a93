using PackRelay.ServiceDefaults.OpenApi;

namespace PackRelay.ServiceDefaults.Tests.OpenApi;

public sealed class DocumentedCodesTests
{
    [Fact]
    public void Find_CodesBeforeAndBehindTheirStatus_AreAllFound()
    {
        const string Text = "A pack. Errors, by `code`: `invalid_slug`, `invalid_name` (with `details`) 400; `forbidden` and `quota_exceeded` 403; 409 `slug_taken` for a slug that is taken, `public` otherwise.";
        Assert.Equal(
            [(400, "invalid_slug"), (400, "invalid_name"), (403, "forbidden"), (403, "quota_exceeded"), (409, "slug_taken")],
            DocumentedCodes.Find(Text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Answers 200 `ok`; `limit` above 100 counts as 100.")]
    public void Find_TextWithoutErrors_FindsNothing(string? text) => Assert.Empty(DocumentedCodes.Find(text));
}
