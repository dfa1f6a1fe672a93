using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Validation;

/// <summary>Rules for the fields of requests. Each gives 400 <c>invalid_&lt;field&gt;</c>, or null when the value is good.</summary>
internal static class Fields
{
    public const int MaxNameLength = 200;
    public const int MaxSummaryLength = 300;
    public const int MaxDescriptionLength = 20_000;
    public const int MaxTags = 20;
    public const int MaxTagLength = 40;
    public const int MaxUrlLength = 2048;

    public static ApiError? Check(string field, bool isGood, string rule) => isGood ? null : ApiError.Invalid(field, rule);

    /// <summary>One line of text that is not blank.</summary>
    public static ApiError? Name(string field, string value, int maxLength = MaxNameLength) =>
        Check(field, IsLine(value, maxLength) && !string.IsNullOrWhiteSpace(value), $"1 to {maxLength} characters on one line, not all of them blank");

    public static ApiError? Summary(string? value) =>
        Check("summary", value is null || IsLine(value, MaxSummaryLength), $"at most {MaxSummaryLength} characters on one line");

    public static ApiError? Description(string? value) =>
        Check("description", value is null or { Length: <= MaxDescriptionLength }, $"at most {MaxDescriptionLength} characters");

    public static ApiError? Tags(IReadOnlyList<string>? tags) => Check(
        "tags",
        tags is null || (tags.Count <= MaxTags && tags.All(tag => IsTag(tag)) && tags.Distinct(StringComparer.Ordinal).Count() == tags.Count),
        $"at most {MaxTags} different tags, each of 1 to {MaxTagLength} characters without a comma");

    /// <summary>An absolute web address.</summary>
    public static ApiError? Url(string field, string? value) => Check(
        field,
        value is null || (IsLine(value, MaxUrlLength) && Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0),
        $"an absolute http or https address of at most {MaxUrlLength} characters");

    private static bool IsLine(string value, int maxLength) => value.Length <= maxLength && !value.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029'); // the last two break lines as well

    /// <summary>The query of a list separates tags with commas, so a tag has none.</summary>
    private static bool IsTag(string? tag) => tag is { Length: > 0 } && IsLine(tag, MaxTagLength) && !tag.Contains(',', StringComparison.Ordinal) && tag.Trim() == tag;
}
