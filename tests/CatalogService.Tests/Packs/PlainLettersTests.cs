using System.Text;
using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Tests.Packs;

public sealed class PlainLettersTests(CatalogApi api) : IClassFixture<CatalogApi>
{
    /// <summary>Latin, Greek and Cyrillic letters, and marks: what is looked for must be written as what is stored.</summary>
    [Fact]
    public async Task SearchWords_EveryLetter_IsWhatTheDatabaseMakesOfIt()
    {
        const string Sql = """
            SELECT code, search_words(chr(code)) FROM generate_series(65, 8191) AS code WHERE code < 592 OR code BETWEEN 768 AND 1279 OR code >= 7680
            """;
        var rows = await api.Postgres.Source.ListAsync(Sql, row => (Code: row.GetInt32(0), Word: row.GetString(1)), CancellationToken.None);
        var different = rows.Where(row => Typed(row.Code) != row.Word.Trim()).Select(row => $"U+{row.Code:X4} is '{row.Word}', typed '{Typed(row.Code)}'");
        Assert.Empty(different);
    }

    private static string Typed(int code) => PackSearch.ToQuery(new Rune(code).ToString()) is ['\'', .. var rest] ? rest[..^"':*".Length] : "";
}
