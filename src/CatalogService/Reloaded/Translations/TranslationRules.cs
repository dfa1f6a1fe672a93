using System.Text.RegularExpressions;
using PackRelay.CatalogService.Reloaded.Packages;
using PackRelay.CatalogService.Validation;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Reloaded.Translations;

/// <summary>What a translation must say of itself: what it translates, and into which language.</summary>
internal static partial class TranslationRules
{
    public static ApiError? Check(string packageId, PublishPackage.Request request)
    {
        if (request is { TranslationOf: null, LanguageCode: null, FriendlyName: null }) return null;
        return Fields.Check("translationOf", request.TranslationOf is { } of && PackageId.IsValid(of) && of != packageId, $"the id of another package, with languageCode and friendlyName: {PackageId.Rule}")
            ?? Fields.Check("languageCode", request.LanguageCode is { } code && LanguageCode().IsMatch(code), "a language such as de or de-DE, or a style and a language such as uwu-en")
            ?? Fields.Name("friendlyName", request.FriendlyName ?? "");
    }

    /// <summary>ISO 639, with ISO 3166 or not; or a style of 1 to 16 letters before ISO 639.</summary>
    [GeneratedRegex(@"^(?:[a-z]{2,3}(?:-[A-Z]{2})?|[a-z0-9]{1,16}-[a-z]{2,3})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex LanguageCode();
}
