using System.Security.Cryptography;
using System.Text;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>A Lua script, run on the server as one atomic step. Keep one instance per script in a static readonly field: its digest is computed once.</summary>
public sealed class RedisScript
{
    /// <summary>Takes the script's text; <c>KEYS</c> and <c>ARGV</c> are given with each call.</summary>
    public RedisScript(string lua)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(lua);
        Body = Encoding.UTF8.GetBytes(lua);
#pragma warning disable CA5350 // Redis names scripts by their SHA-1; nothing secret depends on it
        Digest = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA1.HashData(Body)));
#pragma warning restore CA5350
    }

    /// <summary>The script, UTF-8.</summary>
    internal byte[] Body { get; }

    /// <summary>Its SHA-1 in 40 lower-case hexadecimal digits.</summary>
    internal byte[] Digest { get; }
}
