using System.Collections.Frozen;

namespace PackRelay.CatalogService.Servers;

/// <summary>Where a server may stand.</summary>
internal static class Regions
{
    public static readonly FrozenSet<string> All = FrozenSet.Create("na_east", "na_west", "eu", "as", "oc", "sa", "af");

    public const string Rule = "one of na_east, na_west, eu, as, oc, sa, af";
}
