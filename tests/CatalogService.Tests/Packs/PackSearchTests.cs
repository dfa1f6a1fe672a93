using PackRelay.CatalogService.Packs;

namespace PackRelay.CatalogService.Tests.Packs;

public sealed class PackSearchTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  &|! ", "")]
    [InlineData("Horde", "'horde':*")]
    [InlineData("Undead  Nights!", "'undead':* & 'nights':*")]
    [InlineData("it's 2.4", "'it':* & 's':* & '2':* & '4':*")]
    [InlineData("ÄÖ\0\\x", "'ao':* & 'x':*")]
    [InlineData("\ud800a", "'a':*")]
    [InlineData("Überleben Strasse Straße", "'uberleben':* & 'strasse':* & 'strasse':*")]
    [InlineData("U\u0308berleben Łódź Œuvre ÆÐÞ", "'uberleben':* & 'lodz':* & 'oeuvre':* & 'aedth':*")]
    public void ToQuery_Anything_HasOnlyLettersAndDigits(string text, string query) => Assert.Equal(query, PackSearch.ToQuery(text));
}
