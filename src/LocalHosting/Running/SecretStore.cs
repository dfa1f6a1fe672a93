using System.Security.Cryptography;

namespace PackRelay.LocalHosting.Running;

/// <summary>Secrets that nobody configured: generated once, one file each that only the owner can read.</summary>
internal sealed class SecretStore(string directory)
{
    // Letters and digits only: the servers' configuration files and URIs take them as they are. 32 of them carry 190 bits.
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Length = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string GetOrCreate(string name)
    {
        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        var path = Path.Combine(directory, name);
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } kept)
            return kept;

        var secret = RandomNumberGenerator.GetString(Alphabet, Length);
        // Written beside and renamed, so that a crash leaves no half secret.
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = new StreamWriter(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            file.WriteLine(secret);
        File.Move(draft, path, overwrite: true);
        return secret;
    }
}
