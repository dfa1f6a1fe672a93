using System.Collections.Frozen;

namespace PackRelay.CatalogService.RailcraftPack.Messages;

/// <summary>The names of Minecraft's sixteen colours.</summary>
internal static class MessageColors
{
    public const string White = "white";

    public const string Rule = "one of Minecraft's colours: black, dark_blue, dark_green, dark_aqua, dark_red, dark_purple, gold, gray, dark_gray, blue, green, aqua, red, light_purple, yellow, white";

    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal, "black", "dark_blue", "dark_green", "dark_aqua", "dark_red", "dark_purple", "gold", "gray", "dark_gray", "blue", "green", "aqua", "red", "light_purple", "yellow", White);

    public static bool IsValid(string name) => Names.Contains(name);
}
