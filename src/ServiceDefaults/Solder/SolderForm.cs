using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.ServiceDefaults.Solder;

/// <summary>
/// The fields of a body, judged as Solder's framework (Laravel) does and with its English texts: text is trimmed, and what is empty then is null; numbers do as text; every
/// field's problems are collected before the answer. What a field must be is said by the method that reads it.
/// </summary>
public sealed class SolderForm
{
    private readonly Dictionary<string, JsonElement> fields = [];

    private readonly Dictionary<string, List<string>> problems = new(StringComparer.Ordinal);

    private readonly ApiError? malformed;

    internal SolderForm(Dictionary<string, JsonElement> fields) => this.fields = fields;

    internal SolderForm(ApiError malformed) => this.malformed = malformed;

    /// <summary>Whether a field was sent, be it as null.</summary>
    public bool Has(string field) => fields.ContainsKey(field);

    /// <summary>Whether the body could not be read at all.</summary>
    public bool IsMalformed([NotNullWhen(true)] out ApiError? error) => (error = malformed) is not null;

    /// <summary>Whether something is wrong with a field; then the answer to give is <paramref name="error"/>.</summary>
    public bool IsInvalid([NotNullWhen(true)] out SolderError? error)
    {
        error = problems.Count == 0 ? null : SolderError.Invalid(problems.ToDictionary(problem => problem.Key, IReadOnlyList<string> (problem) => problem.Value, StringComparer.Ordinal));
        return error is not null;
    }

    /// <summary>Text; null when it was not sent, is null or blank.</summary>
    /// <param name="field">The field.</param>
    /// <param name="required">Whether it must be there: <c>The name field is required.</c></param>
    /// <param name="most">Most characters.</param>
    public string? Text(string field, bool required = false, int most = 255)
    {
        var value = Read(field);
        if (value is null)
        {
            if (required && !problems.ContainsKey(field)) Add(field, $"The {Name(field)} field is required.");
            return null;
        }

        if (value.Length > most) Add(field, string.Create(CultureInfo.InvariantCulture, $"The {Name(field)} field must not be greater than {most} characters."));
        else if (value.Contains('\0', StringComparison.Ordinal)) Add(field, Format(field));
        else return value;
        return null;
    }

    /// <summary>Text that must be text when it is sent, not a number or null: <c>The clone from field must be a string.</c></summary>
    public string? OnlyText(string field, bool required = false)
    {
        if (fields.TryGetValue(field, out var value) && value.ValueKind is not JsonValueKind.String && !(required && value.ValueKind == JsonValueKind.Null))
        {
            Add(field, $"The {Name(field)} field must be a string.");
            return null;
        }

        var text = Text(field, required);
        if (text is null && Has(field) && !required && !problems.ContainsKey(field)) Add(field, $"The {Name(field)} field must be a string.");
        return text;
    }

    /// <summary>One line of text for people.</summary>
    public string? Line(string field, bool required = false, int most = 255)
    {
        var value = Text(field, required, most);
        if (value is null || !value.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029')) return value;
        Add(field, Format(field));
        return null;
    }

    /// <summary>A name that stands in paths as one segment: of a version, a build, a mod.</summary>
    public string? Segment(string field, bool required = false, int most = 255)
    {
        var value = Line(field, required, most);
        if (value is null || (value is not ("." or "..") && value.AsSpan().IndexOfAny("/\\%") < 0)) return value;
        Add(field, Format(field));
        return null;
    }

    /// <summary>Letters, digits, dashes and underscores.</summary>
    public string? Slug(string field, bool required = false, int most = 64)
    {
        var value = Text(field, required, most);
        if (value is null || value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')) return value;
        Add(field, $"The {Name(field)} field must only contain letters, numbers, dashes, and underscores.");
        return null;
    }

    /// <summary>An absolute http or https address.</summary>
    public string? Url(string field)
    {
        var value = Line(field, most: 2048);
        if (value is null || (Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0)) return value;
        Add(field, $"The {Name(field)} field must be a valid URL.");
        return null;
    }

    /// <summary>True or false, also as 1, 0, "1", "0"; null when it was not sent or is null.</summary>
    public bool? Flag(string field)
    {
        if (!fields.TryGetValue(field, out var value)) return null;
        switch (value.ValueKind)
        {
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.Null: return null;
            default:
                switch (value.ToString().Trim())
                {
                    case "1" or "true": return true;
                    case "0" or "false": return false;
                    case "": return null;
                    default:
                        Add(field, $"The {Name(field)} field must be true or false.");
                        return null;
                }
        }
    }

    /// <summary>A whole number in its range; null when it was not sent, is null or blank.</summary>
    public long? Whole(string field, long least = 0, long most = long.MaxValue)
    {
        var text = Read(field);
        if (text is null || problems.ContainsKey(field)) return null;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) Add(field, $"The {Name(field)} field must be an integer.");
        else if (number < least) Add(field, string.Create(CultureInfo.InvariantCulture, $"The {Name(field)} field must be at least {least}."));
        else if (number > most) Add(field, string.Create(CultureInfo.InvariantCulture, $"The {Name(field)} field must not be greater than {most}."));
        else return number;
        return null;
    }

    /// <summary>A list of whole numbers; null when it was not sent. Null is no list, nor is what is blank.</summary>
    public IReadOnlyList<long>? WholeNumbers(string field, int most)
    {
        if (!fields.TryGetValue(field, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Add(field, $"The {Name(field)} field must be an array.");
            return null;
        }

        var numbers = new List<long>();
        foreach (var item in value.EnumerateArray())
        {
            if (numbers.Count == most)
            {
                Add(field, string.Create(CultureInfo.InvariantCulture, $"The {Name(field)} field must not have more than {most} items."));
                return null;
            }

            if (!long.TryParse(item.ToString().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                Add($"{field}.{numbers.Count}", $"The {field}.{numbers.Count} field must be an integer.");
                return null;
            }

            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>Notes that the value is somebody else's already.</summary>
    public void Taken(string field) => Add(field, $"The {Name(field)} has already been taken.");

    /// <summary>Notes that what the value names is not there.</summary>
    public void Unknown(string field) => Add(field, $"The selected {Name(field)} is invalid.");

    /// <summary>Notes a problem in words of one's own.</summary>
    public void Add(string field, string problem)
    {
        if (!problems.TryGetValue(field, out var list)) problems[field] = list = [];
        list.Add(problem);
    }

    private static string Format(string field) => $"The {Name(field)} field format is invalid.";

    private static string Name(string field) => field.Replace('_', ' ');

    private string? Read(string field)
    {
        if (!fields.TryGetValue(field, out var value)) return null;
        switch (value.ValueKind)
        {
            case JsonValueKind.String: return value.GetString()!.Trim() is { Length: > 0 } text ? text : null;
            case JsonValueKind.Number: return value.GetRawText();
            case JsonValueKind.True: return "1";
            case JsonValueKind.False: return "0";
            case JsonValueKind.Null or JsonValueKind.Undefined: return null;
            default:
                if (!problems.ContainsKey(field)) Add(field, $"The {Name(field)} field must be a string.");
                return null;
        }
    }
}
