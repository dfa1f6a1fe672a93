using System.Text;
using PackRelay.Manifests.Json;

namespace PackRelay.Manifests.Tests.Json;

public sealed class Utf16OrderTests
{
    private static readonly string[] Parts =
        ["", "a", "b", "\0", "\u007f", "\u0080", "é", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uefff", "\uf000", "\uffff", "\U00010000", "🦊", "\U0010FFFF", "abcdefgh"];

    [Fact]
    public void Compare_AnyTwoTexts_AgreesWithOrdinal()
    {
        var texts = (from a in Parts from b in Parts from c in Parts select a + b + c).Distinct(StringComparer.Ordinal).Where((_, i) => i % 3 == 0).ToArray();
        var utf8 = texts.Select(Encoding.UTF8.GetBytes).ToArray();
        for (var left = 0; left < texts.Length; left++)
            for (var right = 0; right < texts.Length; right++)
            {
                var expected = Math.Sign(string.CompareOrdinal(texts[left], texts[right]));
                Assert.True(Math.Sign(Utf16Order.Compare(utf8[left], utf8[right])) == expected, $"{texts[left]} and {texts[right]}");
                var byKey = Utf16Order.KeyOf(utf8[left]).CompareTo(Utf16Order.KeyOf(utf8[right]));
                Assert.True(byKey == 0 || byKey == expected, $"{texts[left]} and {texts[right]} by key");
            }
    }
}
