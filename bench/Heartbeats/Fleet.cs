using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PackRelay.Heartbeats;

/// <summary>Simulated game servers. Everything about a server follows from its number and the seed, so that registering and beating need no file between them.</summary>
/// <param name="count">Servers, numbered from 0.</param>
/// <param name="serversPerToken">Servers that share an API token; 1 gives each its own.</param>
/// <param name="seed">Secret of this benchmark's hub: the tokens are made of it.</param>
internal sealed class Fleet(int count, int serversPerToken, string seed)
{
    private readonly string[] tokens = [.. Enumerable.Range(0, ((count - 1) / serversPerToken) + 1).Select(number => ApiTokens.Create(Hash($"token {number} {seed}")))];

    public int Count => count;

    public IReadOnlyList<string> Tokens => tokens;

    public string TokenOf(int server) => tokens[server / serversPerToken];

    public static string Slug(int server) => string.Create(CultureInfo.InvariantCulture, $"beat-{server:000000}");

    public static Guid ServerId(int server) => GuidOf($"server {server}");

    public Guid TokenId(int number) => GuidOf($"token id {number} {seed}");

    private static Guid GuidOf(string name)
    {
        var bytes = Hash(name).AsSpan(0, 16);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
