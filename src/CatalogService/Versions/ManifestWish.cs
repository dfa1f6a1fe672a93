namespace PackRelay.CatalogService.Versions;

/// <summary>
/// What a request for a manifest can do without: a manifest may have megabytes, which the database need not hand over for an answer to HEAD
/// or for a 304, and most launchers ask for what they have. Handlers take it as a parameter.
/// </summary>
/// <param name="HeadersOnly">Whether no body is wanted.</param>
/// <param name="KnownHashes">SHA-256 of the manifests that the client has.</param>
internal sealed record ManifestWish(bool HeadersOnly, string[] KnownHashes)
{
    public bool Knows(string sha256) => Array.IndexOf(KnownHashes, sha256) >= 0;

    public static ValueTask<ManifestWish?> BindAsync(HttpContext context)
    {
        var headers = context.Request.GetTypedHeaders();
        var wish = headers.IfMatch.Count > 0
            ? new ManifestWish(HeadersOnly: false, []) // rare, and left to the framework, which needs the bytes
            : new ManifestWish(HttpMethods.IsHead(context.Request.Method), [.. headers.IfNoneMatch.Select(tag => tag.Tag.ToString().Trim('"'))]);
        return ValueTask.FromResult<ManifestWish?>(wish);
    }
}
