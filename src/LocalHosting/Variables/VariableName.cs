namespace PackRelay.LocalHosting.Variables;

/// <summary>Makes a name fit for an environment variable.</summary>
internal static class VariableName
{
    /// <summary>Everything that is not an ASCII letter or digit becomes an underscore; a leading digit gets one in front.</summary>
    public static string Encode(string name)
    {
        var encoded = string.Create(name.Length, name, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
        });
        return encoded.Length > 0 && char.IsAsciiDigit(encoded[0]) ? "_" + encoded : encoded;
    }
}
