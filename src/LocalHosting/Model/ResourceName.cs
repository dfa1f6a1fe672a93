namespace PackRelay.LocalHosting;

/// <summary>The rule for names of resources.</summary>
internal static class ResourceName
{
    public const int MaximumLength = 64;

    public static string Checked(string name)
    {
        if (name.Length is 0 or > MaximumLength)
            throw new ArgumentException($"The resource name '{name}' must have 1 to {MaximumLength} characters.", nameof(name));
        if (!char.IsAsciiLetter(name[0]))
            throw new ArgumentException($"The resource name '{name}' must start with an ASCII letter.", nameof(name));
        if (!name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
            throw new ArgumentException($"The resource name '{name}' may hold only ASCII letters, digits and hyphens.", nameof(name));
        if (name.Contains("--", StringComparison.Ordinal) || name.EndsWith('-'))
            throw new ArgumentException($"The resource name '{name}' must not end with a hyphen or hold two in a row.", nameof(name));
        return name;
    }
}
