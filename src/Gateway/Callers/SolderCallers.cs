using System.Runtime.InteropServices;
using System.Text.Json;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.Gateway.Callers;

/// <summary>
/// The credentials of the Solder dialect: beside an account, a read may show a key (<c>k</c>) and the id of a client (<c>cid</c>), in the query or in a body. One that is not known
/// counts as none. What they open is told to the service together with the account's own flags and modpacks.
/// </summary>
internal sealed class SolderCallers(CallerCache callers, CallerToken tokens)
{
    private const string FlagsOnly = "identity"; // has no use for lists of modpacks

    private const int LongestBody = 16 * 1024;

    /// <summary>Who makes a request of the dialect.</summary>
    /// <exception cref="HttpRequestException">Identity cannot be asked.</exception>
    public async ValueTask<SolderCaller> FindAsync(HttpContext context, Caller? account)
    {
        var request = context.Request;
        var caller = account ?? Caller.Anonymous;
        var credential = caller.Credential;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            var (key, client) = ((string?)request.Query["k"], (string?)request.Query["cid"]);
            if (request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0) (key, client) = await ReadBodyAsync(request, key, client, context.RequestAborted);
            foreach (var shown in (Credential[])[new(CredentialKind.SolderKey, key ?? ""), new(CredentialKind.SolderClient, client ?? "")])
            {
                if (!MayBeKnown(shown) || (await callers.FindAsync(shown, context.RequestAborted)).Caller is not { } known) continue;
                caller = caller with { Solder = caller.Solder.With(known.Solder) };
                if (credential == CredentialKind.None) credential = shown.Kind;
            }
        }

        return new SolderCaller(caller, credential);
    }

    /// <summary>The header's value for a service; null when there is nothing to say.</summary>
    public string? Header(Caller caller, string cluster)
    {
        if (cluster == FlagsOnly) caller = caller with { Solder = caller.Solder with { Modpacks = [], ClientModpacks = [] } };
        return caller.IsAnonymous && ReferenceEquals(caller.Solder, SolderGrants.None) ? null : tokens.Write(caller);
    }

    /// <summary>No credential is empty or holds U+0000, about which Identity cannot even be asked.</summary>
    private static bool MayBeKnown(Credential shown) => shown.Secret.Length > 0 && !shown.Secret.Contains('\0', StringComparison.Ordinal);

    /// <summary>A JSON object or a form of some bytes; anything else says nothing. The service gets it too.</summary>
    private static async Task<(string? Key, string? Client)> ReadBodyAsync(HttpRequest request, string? key, string? client, CancellationToken stop)
    {
        if (!request.HasJsonBody() && !request.HasFormContentType) return (key, client);
        if (await RequestBytes.ReadAsync(request, LongestBody, stop) is not { } bytes) return (key, client);
        request.Body = new MemoryStream(bytes, writable: false);
        if (request.HasFormContentType)
        {
            if (await RequestBytes.ReadFormAsync(request, bytes, stop) is not { } form) return (key, client);
            return (form["k"].ToString() is { Length: > 0 } k ? k : key, form["cid"].ToString() is { Length: > 0 } cid ? cid : client);
        }

        try
        {
            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object ? (Member(json.RootElement, "k") ?? key, Member(json.RootElement, "cid") ?? client) : (key, client);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return (key, client);
        }
    }

    private static string? Member(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}

/// <summary>Who makes a request of the Solder dialect.</summary>
/// <param name="Caller">The account, or nobody, with all that was shown.</param>
/// <param name="Credential">What of it makes the answer another than everybody's; <c>None</c> when nothing does.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SolderCaller(Caller Caller, CredentialKind Credential);
