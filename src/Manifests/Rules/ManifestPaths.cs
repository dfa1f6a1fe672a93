using System.Buffers;
using System.Text;

namespace PackRelay.Manifests.Rules;

/// <summary>
/// What a file of a pack may be called: a relative path with forward slashes that means the same file on Linux, macOS and Windows and never leaves the folder it is unpacked in.
/// </summary>
public static class ManifestPaths
{
    /// <summary>Most characters (UTF-16 code units) of a path.</summary>
    public const int MaxLength = 1024;

    /// <summary>Most bytes of a segment in UTF-8: the limit of Linux file systems.</summary>
    public const int MaxSegmentBytes = 255;

    /// <summary>The file a launcher writes beside the pack's files; no pack may bring its own.</summary>
    public const string Sidecar = "_packrelay-manifest.json";

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. "\\:*?\"<>|", .. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl)]);

    // Names that Windows gives to devices in every folder, whatever the case and the extension.
    private static readonly HashSet<string> DeviceNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Devices = DeviceNames.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Why a path is refused, in words that follow a field's name; null when it is good.</summary>
    /// <param name="path">The path as the manifest has it.</param>
    /// <param name="schemaVersion">1 and 2 are for 7 Days to Die, whose packs live below <c>Mods/</c>; 3 has no rule on the first segment.</param>
    public static string? Check(string path, int schemaVersion)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length is 0 or > MaxLength) return $"must have 1 to {MaxLength} characters";
        if (path[0] is '/' or '\\') return "must be relative: no slash at the beginning";
        var forbidden = path.AsSpan().IndexOfAny(Forbidden);
        if (forbidden >= 0)
            return char.IsControl(path[forbidden]) ? $"must not contain the control character U+{(int)path[forbidden]:X4}" : $"must not contain the character {path[forbidden]}";
        foreach (var range in path.AsSpan().Split('/'))
        {
            var reason = CheckSegment(path.AsSpan()[range]);
            if (reason is not null) return reason;
        }
        return schemaVersion < 3 && !path.StartsWith("Mods/", StringComparison.Ordinal) ? "must begin with Mods/ in schema versions 1 and 2" : null;
    }

    private static string? CheckSegment(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty) return "must not have an empty segment";
        if (segment is "." or "..") return "must not have a segment . or ..";
        if (segment[^1] is '.' or ' ') return "must not have a segment that ends in a dot or a space";
        if (!TryCountBytes(segment, out var bytes)) return "must not have half of a surrogate pair";
        if (bytes > MaxSegmentBytes) return $"must not have a segment of more than {MaxSegmentBytes} bytes";
        if (segment.Equals(Sidecar, StringComparison.OrdinalIgnoreCase)) return $"must not be called {Sidecar}, which launchers write themselves";
        var dot = segment.IndexOf('.');
        var stem = (dot < 0 ? segment : segment[..dot]).TrimEnd(' ');
        return Devices.Contains(stem) ? $"must not use {stem}, the name of a Windows device" : null;
    }

    private static bool TryCountBytes(ReadOnlySpan<char> segment, out int bytes)
    {
        bytes = segment.Length;
        if (Ascii.IsValid(segment)) return true;
        bytes = 0;
        while (!segment.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(segment, out var rune, out var used) != OperationStatus.Done) return false;
            bytes += rune.Utf8SequenceLength;
            segment = segment[used..];
        }
        return true;
    }
}
