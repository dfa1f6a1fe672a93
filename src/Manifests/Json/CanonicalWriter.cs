using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace PackRelay.Manifests.Json;

/// <summary>
/// Writes one parsed document in canonical form into rented memory. It is also the check of everything that JSON's grammar lets pass:
/// duplicate members and lone surrogates (<see cref="Fatal"/>, writing stops) and numbers that are no safe integers (<see cref="Problems"/>, writing goes on to find them all).
/// </summary>
internal sealed class CanonicalWriter : IDisposable
{
    /// <summary>One member of an object that is being written. Its name lies in the document, or decoded in <see cref="_decodedNames"/> when it has escapes.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Member(JsonElement value, ulong sortKey, int nameAt, int nameLength, bool isDecoded)
    {
        public JsonElement Value { get; } = value;
        public ulong SortKey { get; } = sortKey;
        public int NameAt { get; } = nameAt;
        public int NameLength { get; } = nameLength;
        public bool IsDecoded { get; } = isDecoded;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Step(int member, int index)
    {
        public int Member { get; } = member; // index into _members, or -1 for an array element
        public int Index { get; } = index;
    }

    /// <summary>No real manifest has more than thirty; the bound keeps a hostile one from buying a long sort.</summary>
    public const int MaxMembers = 1_000;

    private readonly ReadOnlyMemory<byte> _document;
    private readonly PooledBuffer _output = new(16 * 1024);
    private readonly PooledBuffer _decodedNames = new(256);
    private readonly Step[] _path = new Step[StrictJson.MaxDepth + 1];
    private readonly Comparison<Member> _byName;
    private readonly bool _refuseNul;
    private Member[] _members = ArrayPool<Member>.Shared.Rent(128);
    private int _memberCount;
    private List<ManifestProblem>? _problems;

    /// <param name="document">The bytes that the elements to write were parsed from.</param>
    /// <param name="refuseNul">Also report U+0000 in any text: databases and C programs cut there.</param>
    public CanonicalWriter(ReadOnlyMemory<byte> document, bool refuseNul = false)
    {
        _document = document;
        _refuseNul = refuseNul;
        _byName = CompareNames; // one delegate for all objects
    }

    /// <summary>The canonical bytes; meaningful when there is no problem, and valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Written => _output.Written;

    /// <summary>Why the document means different things to different readers; null when it does not.</summary>
    public ManifestProblem? Fatal { get; private set; }

    /// <summary>The values without a canonical form; at most <see cref="ProblemList.Max"/>.</summary>
    public IReadOnlyList<ManifestProblem> Problems => _problems ?? [];

    /// <param name="root">The document.</param>
    /// <param name="omit">A member of the root object that is checked like all others but not written; empty for none.</param>
    public void Write(JsonElement root, ReadOnlySpan<byte> omit = default)
    {
        if (root.ValueKind != JsonValueKind.Object) WriteValue(root, 0);
        else WriteObject(root, 0, omit);
    }

    public void Dispose()
    {
        _output.Dispose();
        _decodedNames.Dispose();
        ArrayPool<Member>.Shared.Return(_members, clearArray: true);
        _members = [];
    }

    private bool WriteValue(JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: return WriteObject(value, depth, omit: default);
            case JsonValueKind.Array: return WriteArray(value, depth);
            case JsonValueKind.String: return WriteString(JsonMarshal.GetRawUtf8Value(value)[1..^1], depth);
            case JsonValueKind.Number: WriteNumber(value, depth); return true;
            case JsonValueKind.True: _output.Append("true"u8); return true;
            case JsonValueKind.False: _output.Append("false"u8); return true;
            default: _output.Append("null"u8); return true;
        }
    }

    private bool WriteArray(JsonElement array, int depth)
    {
        _output.Append((byte)'[');
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (index > 0) _output.Append((byte)',');
            _path[depth] = new Step(-1, index++);
            if (!WriteValue(item, depth + 1)) return false;
        }
        _output.Append((byte)']');
        return true;
    }

    private bool WriteObject(JsonElement value, int depth, ReadOnlySpan<byte> omit)
    {
        var start = _memberCount;
        if (!CollectMembers(value, depth, out var sorted)) return false;
        if (!sorted) _members.AsSpan(start, _memberCount - start).Sort(_byName);

        _output.Append((byte)'{');
        var count = _memberCount - start;
        var empty = true;
        for (var i = start; i < start + count; i++)
        {
            _path[depth] = new Step(i, 0);
            var name = NameOf(_members[i]);
            if (i > start && NameOf(_members[i - 1]).SequenceEqual(name)) return Fail(depth + 1, "appears twice in its object");
            var before = _output.Length;
            var omitted = !omit.IsEmpty && name.SequenceEqual(omit);
            if (!empty) _output.Append((byte)',');
            WriteName(name, hasEscapes: _members[i].IsDecoded);
            if (!WriteValue(_members[i].Value, depth + 1)) return false;
            if (omitted) _output.Truncate(before);
            else empty = false;
        }
        _output.Append((byte)'}');
        _memberCount = start;
        return true;
    }

    /// <summary>Pushes an object's members; says whether they already are in order, as they are in a manifest that its publisher stored canonically.</summary>
    private bool CollectMembers(JsonElement value, int depth, out bool sorted)
    {
        sorted = true;
        var start = _memberCount;
        foreach (var property in value.EnumerateObject())
        {
            if (_memberCount - start == MaxMembers) return Fail(depth, $"has more than {MaxMembers} members");
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            _document.Span.Overlaps(name, out var nameAt); // an empty name overlaps nothing, and has any place
            var isDecoded = name.Contains((byte)'\\');
            if (isDecoded)
            {
                nameAt = _decodedNames.Length;
                var outcome = CanonicalText.Decode(name, _decodedNames);
                if (outcome == CanonicalText.Outcome.LoneSurrogate) return Fail(depth, "has a member name with half of a surrogate pair");
                if (outcome == CanonicalText.Outcome.HasNul && _refuseNul) Report(depth, "has a member name with the character U+0000");
                name = _decodedNames.Written[nameAt..];
            }
            if (_memberCount == _members.Length) GrowMembers();
            _members[_memberCount] = new Member(property.Value, Utf16Order.KeyOf(name), nameAt, name.Length, isDecoded);
            if (_memberCount > start && sorted) sorted = CompareNames(_members[_memberCount - 1], _members[_memberCount]) < 0;
            _memberCount++;
        }
        return true;
    }

    private ReadOnlySpan<byte> NameOf(in Member member) =>
        (member.IsDecoded ? _decodedNames.Written : _document.Span).Slice(member.NameAt, member.NameLength);

    private int CompareNames(Member left, Member right) => left.SortKey != right.SortKey
        ? left.SortKey.CompareTo(right.SortKey)
        : Utf16Order.Compare(NameOf(left), NameOf(right));

    private void WriteName(ReadOnlySpan<byte> name, bool hasEscapes)
    {
        _output.Append((byte)'"');
        if (hasEscapes) CanonicalText.WriteDecoded(name, _output);
        else _output.Append(name);
        _output.Append("\":"u8);
    }

    private bool WriteString(ReadOnlySpan<byte> raw, int depth)
    {
        _output.Append((byte)'"');
        var outcome = CanonicalText.Write(raw, _output);
        _output.Append((byte)'"');
        if (outcome == CanonicalText.Outcome.LoneSurrogate) return Fail(depth, "has half of a surrogate pair");
        if (outcome == CanonicalText.Outcome.HasNul && _refuseNul) Report(depth, "must not contain the character U+0000");
        return true;
    }

    private void WriteNumber(JsonElement number, int depth)
    {
        if (!CanonicalNumber.TryRead(JsonMarshal.GetRawUtf8Value(number), out var value)) Report(depth, "must be an integer from -(2^53-1) to 2^53-1");
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out var length, provider: System.Globalization.CultureInfo.InvariantCulture);
        _output.Append(digits[..length]);
    }

    private void GrowMembers()
    {
        var larger = ArrayPool<Member>.Shared.Rent(_members.Length * 2);
        _members.CopyTo(larger, 0);
        ArrayPool<Member>.Shared.Return(_members, clearArray: true);
        _members = larger;
    }

    private bool Fail(int depth, string message)
    {
        Fatal = new ManifestProblem(PathTo(depth), message);
        return false;
    }

    private void Report(int depth, string message)
    {
        _problems ??= [];
        if (_problems.Count < ProblemList.Max) _problems.Add(new ManifestProblem(PathTo(depth), message));
    }

    private string PathTo(int depth)
    {
        const int longestName = 100;
        var path = new StringBuilder();
        foreach (var step in _path.AsSpan(0, depth))
        {
            if (step.Member < 0)
            {
                path.Append(System.Globalization.CultureInfo.InvariantCulture, $"[{step.Index}]");
                continue;
            }
            var name = Encoding.UTF8.GetString(NameOf(_members[step.Member]));
            if (path.Length > 0) path.Append('.');
            path.Append(name.Length <= longestName ? name : name[..longestName] + "…");
        }
        return path.ToString();
    }
}
