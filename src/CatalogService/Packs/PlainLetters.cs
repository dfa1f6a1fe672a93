using System.Collections.Frozen;
using System.Text;

namespace PackRelay.CatalogService.Packs;

/// <summary>
/// Takes the accents off letters, so that who types "uberleben" finds "Überleben". The database stores words like that (<c>plain_letters</c> in its migrations) with the
/// same table: the two are one thing, and a test compares them.
/// </summary>
internal static class PlainLetters
{
    private const string Accented =
        "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặƀḃḅḇçćĉċčḉðďđḋḍḏḑḓèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệḟĝğġģǧǵḡĥħȟḣḥḧḩḫẖìí"
        + "îïĩīĭįıǐȉȋḭḯỉịĵǰķǩḱḳḵĺļľłḷḹḻḽḿṁṃñńņňŋǹṅṇṉṋòóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợṕṗŕŗřȑȓṙṛṝṟśŝ"
        + "şšșṡṣṥṧṩţťŧțṫṭṯṱẗùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữựṽṿŵẁẃẅẇẉẘẋẍýÿŷȳẏẙỳỵỷỹźżžƶẑẓẕǣǽάέήΐίϊόΰϋύώё";

    private const string Plain =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbccccccddddddddeeeeeeeeeeeeeeeeeeeeeeeeefggggggghhhhhhhhhii"
        + "iiiiiiiiiiiiiijjkkkkkllllllllmmmnnnnnnnnnnoooooooooooooooooooooooooooooooooooopprrrrrrrrrss"
        + "sssssssstttttttttuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuvvwwwwwwwxxyyyyyyyyyyzzzzzzzææαεηιιιουυυωе";

    private static readonly FrozenDictionary<char, char> Letters = Accented.Zip(Plain).ToFrozenDictionary(pair => pair.First, pair => pair.Second);

    /// <summary>Whether it is an accent that stands for itself, behind its letter: it is neither a letter nor a gap.</summary>
    public static bool IsMark(Rune rune) => rune.Value is >= 0x0300 and <= 0x036F;

    /// <summary>A letter in lower case without its accent; some become two letters.</summary>
    public static string Of(Rune rune)
    {
        var lower = Rune.ToLowerInvariant(rune);
        if (!lower.IsBmp) return lower.ToString();
        var letter = (char)lower.Value;
        return Letters.GetValueOrDefault(letter, letter) switch
        {
            'İ' => "i", // in lower case without a culture it is itself
            'æ' => "ae",
            'œ' => "oe",
            'ß' => "ss",
            'þ' => "th",
            var plain => plain.ToString(),
        };
    }
}
