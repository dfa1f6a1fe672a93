using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Games;

/// <summary>Section <c>Catalog</c>: for which games the hub is.</summary>
public sealed class GameOptions
{
    /// <summary>Ids of the games, separated by commas; default <c>7d2d,valheim,palworld,minecraft</c>.</summary>
    [Required, RegularExpression("^[a-z0-9-]+(,[a-z0-9-]+)*$")]
    public string Games { get; set; } = "7d2d,valheim,palworld,minecraft";
}

/// <summary>The games that packs and servers may be for.</summary>
internal sealed class GameRules(IOptions<GameOptions> options)
{
    /// <summary>Their ids.</summary>
    public IReadOnlySet<string> All { get; } = options.Value.Games.Split(',').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>400 <c>invalid_game</c>, or null when the game is one of them.</summary>
    public ApiError? Check(string game) => All.Contains(game) ? null : ApiError.Invalid("game", $"one of {string.Join(", ", All.Order(StringComparer.Ordinal))}");
}
