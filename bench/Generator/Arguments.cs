using System.Globalization;

namespace PackRelay.Generator;

/// <summary>The command line behind the command's name: <c>--name value</c> pairs.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    public Arguments(IReadOnlyList<string> words)
    {
        if (words.Count % 2 != 0) throw new ArgumentException("Options are pairs: --name value.", nameof(words));
        for (var i = 0; i < words.Count; i += 2)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal)) throw new ArgumentException($"'{words[i]}' is not an option.", nameof(words));
            values[words[i][2..]] = words[i + 1];
        }
    }

    public bool Has(string name) => values.ContainsKey(name);

    public string Text(string name) => values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"--{name} is missing.", nameof(name));

    public int Number(string name) => int.Parse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture);

    public int Number(string name, int otherwise) => Has(name) ? Number(name) : otherwise;
}
