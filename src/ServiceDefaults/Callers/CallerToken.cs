using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace PackRelay.ServiceDefaults.Callers;

/// <summary>
/// Writes and reads the header in which the gateway tells the services who calls: <c>base64url(JSON) "." base64url(HMAC-SHA256)</c>,
/// valid for a minute. Only holders of the shared key can make one, so a service that is reached around the gateway sees an anonymous caller.
/// </summary>
public sealed class CallerToken(IOptions<CallerOptions> options, TimeProvider clock)
{
    /// <summary>The header that carries the token. The gateway removes it from what comes in from outside.</summary>
    public const string HeaderName = "X-PackRelay-Caller";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private const int MostRemembered = 1_000;

    private const int LongestRemembered = 2_048; // characters; most have some 600, those with many modpacks a hundred times that

    // The gateway sends one and the same value with a caller's requests for 20 s. It is as good the second time as it was the first.
    private readonly ConcurrentDictionary<string, Accepted> remembered = new(StringComparer.Ordinal);

    private readonly byte[] key = Encoding.UTF8.GetBytes(options.Value.SigningKey);

    /// <summary>Makes the header's value for a caller.</summary>
    public string Write(Caller caller)
    {
        var payload = new Payload(
            caller.AccountId, caller.Username, caller.DisplayName, caller.Role, caller.Plan, caller.Credential, caller.CredentialId,
            [.. caller.Scopes], caller.Packs, caller.Servers, caller.CredentialExpiresAt?.ToUnixTimeMilliseconds(), clock.GetUtcNow().Add(Lifetime).ToUnixTimeSeconds(), ReferenceEquals(caller.Solder, SolderGrants.None) ? null : caller.Solder);
        var json = JsonSerializer.SerializeToUtf8Bytes(payload, CallerJson.Default.Payload);
        return $"{Base64Url.EncodeToString(json)}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, json))}";
    }

    /// <summary>Reads a header's value. False when it was not made with our key, is too old, or is not a token at all.</summary>
    public bool TryRead(string? value, [NotNullWhen(true)] out Caller? caller)
    {
        caller = null;
        if (value is not null && remembered.TryGetValue(value, out var known))
        {
            caller = IsOver(known.ExpiresAtUnixSeconds) ? null : known.Caller;
            return caller is not null;
        }

        var dot = value?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot <= 0 || !TryDecode(value.AsSpan(0, dot), out var json) || !TryDecode(value.AsSpan(dot + 1), out var signature)) return false;
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, json), signature)) return false;

        var payload = JsonSerializer.Deserialize(json, CallerJson.Default.Payload)!; // ours: the signature says so
        if (IsOver(payload.ExpiresAtUnixSeconds)) return false;
        caller = new Caller
        {
            AccountId = payload.AccountId,
            Username = payload.Username,
            DisplayName = payload.DisplayName,
            Role = payload.Role,
            Plan = payload.Plan,
            Credential = payload.Credential,
            CredentialId = payload.CredentialId,
            Scopes = new HashSet<string>(payload.Scopes, StringComparer.Ordinal),
            Packs = payload.Packs,
            Servers = payload.Servers,
            CredentialExpiresAt = payload.CredentialExpiresAtUnixMilliseconds is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
            Solder = payload.Solder ?? SolderGrants.None,
        };
        Remember(value!, new Accepted(caller, payload.ExpiresAtUnixSeconds));
        return true;
    }

    private bool IsOver(long expiresAtUnixSeconds) => expiresAtUnixSeconds < clock.GetUtcNow().ToUnixTimeSeconds();

    private void Remember(string value, Accepted accepted)
    {
        if (value.Length > LongestRemembered) return;
        if (remembered.Count >= MostRemembered) remembered.Clear(); // all of them are over within a minute anyway
        remembered[value] = accepted;
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(text)) return false;
        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    private sealed record Accepted(Caller Caller, long ExpiresAtUnixSeconds);

    internal sealed record Payload(
        [property: JsonPropertyName("a")] Guid AccountId,
        [property: JsonPropertyName("u")] string Username,
        [property: JsonPropertyName("n")] string DisplayName,
        [property: JsonPropertyName("r")] Role Role,
        [property: JsonPropertyName("l")] string Plan,
        [property: JsonPropertyName("k")] CredentialKind Credential,
        [property: JsonPropertyName("i")] Guid CredentialId,
        [property: JsonPropertyName("s")] IReadOnlyList<string> Scopes,
        [property: JsonPropertyName("p")] IReadOnlyList<string>? Packs,
        [property: JsonPropertyName("v")] IReadOnlyList<string>? Servers,
        [property: JsonPropertyName("x")] long? CredentialExpiresAtUnixMilliseconds,
        [property: JsonPropertyName("e")] long ExpiresAtUnixSeconds,
        [property: JsonPropertyName("o"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SolderGrants? Solder);
}

[JsonSerializable(typeof(CallerToken.Payload))]
internal sealed partial class CallerJson : JsonSerializerContext;
