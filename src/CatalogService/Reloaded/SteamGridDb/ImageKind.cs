namespace PackRelay.CatalogService.Reloaded.SteamGridDb;

/// <summary>SteamGridDB's own sorts of pictures, as its routes name them.</summary>
internal enum ImageCategory
{
    /// <summary>Covers.</summary>
    Grids,

    /// <summary>Logos.</summary>
    Logos,

    /// <summary>Icons.</summary>
    Icons,
}

/// <summary>What launchers look for, and which sizes are good for it.</summary>
/// <param name="Main">Where such pictures are.</param>
/// <param name="Width">Of the ratio of width and height.</param>
/// <param name="Height">Of the ratio of width and height.</param>
/// <param name="MinWidth">Least width in pixels.</param>
internal sealed record ImageKind(ImageCategory Main, int Width, int Height, int MinWidth)
{
    /// <summary>256 x 256 is shown, 512 x 512 is better.</summary>
    public static readonly ImageKind Icon = new(ImageCategory.Icons, 1, 1, 256);

    /// <summary>512 x 512 or 1024 x 1024.</summary>
    public static readonly ImageKind SquareBanner = new(ImageCategory.Grids, 1, 1, 512);

    /// <summary>920 x 430, shown at 460 x 215.</summary>
    public static readonly ImageKind HorizontalBanner = new(ImageCategory.Grids, 92, 43, 460);

    /// <summary>600 x 900.</summary>
    public static readonly ImageKind VerticalBanner = new(ImageCategory.Grids, 2, 3, 600);

    public bool Suits(FoundImage image) => image.Width >= MinWidth && (long)image.Width * Height == (long)image.Height * Width;
}
