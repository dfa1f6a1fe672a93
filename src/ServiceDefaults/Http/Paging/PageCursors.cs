using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Callers;

namespace PackRelay.ServiceDefaults.Http.Paging;

/// <summary>
/// Writes and reads cursors: the sort key of the last item that was shown, authenticated together with the list it belongs to. A client cannot make one,
/// change one, or take one to another list or filter; and a list read by cursor neither skips nor repeats an item while others come and go.
/// Every replica of every service makes the same cursors, so a client may be served by any of them.
/// </summary>
public sealed class PageCursors(IOptions<CallerOptions> options)
{
    private const int TagSizeBytes = 16; // 128 bits: guessing is hopeless, and the cursor stays short

    private readonly byte[] key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(options.Value.SigningKey), outputLength: 32, salt: [], info: "packrelay page cursors"u8.ToArray());

    /// <summary>Makes the cursor that goes on behind an item.</summary>
    /// <param name="list">What the cursor is good for; see <see cref="ListOf"/>.</param>
    /// <param name="position">The item's sort key, as text.</param>
    public string Write(string list, IReadOnlyList<string> position)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(position);
        return Base64Url.EncodeToString([.. Tag(list, payload), .. payload]);
    }

    /// <summary>Reads a cursor. False when it is not ours, was changed in any letter, or was made for another list.</summary>
    public bool TryRead(string list, string cursor, [NotNullWhen(true)] out IReadOnlyList<string>? position)
    {
        position = null;
        if (cursor.Length > 4096 || !Base64Url.IsValid(cursor)) return false;
        var bytes = Base64Url.DecodeFromChars(cursor);
        // A last letter may carry bits that decoding drops: two texts for the same bytes. Only the one that we wrote counts.
        if (bytes.Length <= TagSizeBytes || Base64Url.EncodeToString(bytes) != cursor) return false;
        var payload = bytes.AsSpan(TagSizeBytes);
        if (!CryptographicOperations.FixedTimeEquals(Tag(list, payload), bytes.AsSpan(0, TagSizeBytes))) return false;
        position = JsonSerializer.Deserialize<string[]>(payload)!; // ours: the tag says so
        return true;
    }

    /// <summary>Names a list by its route, sort and filters. Whatever changes which items it has, or their order, belongs in here.</summary>
    public static string ListOf(params string?[] parts) => JsonSerializer.Serialize(parts);

    private byte[] Tag(string list, ReadOnlySpan<byte> payload)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        var name = Encoding.UTF8.GetBytes(list);
        hmac.AppendData(SHA256.HashData(name)); // of a fixed length, so that name and payload cannot flow into each other
        hmac.AppendData(payload);
        return hmac.GetHashAndReset()[..TagSizeBytes];
    }
}
