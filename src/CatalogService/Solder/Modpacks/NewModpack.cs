using Npgsql;
using PackRelay.CatalogService.Packs;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary>What a new modpack is made of.</summary>
/// <param name="Name">Its display name.</param>
/// <param name="Slug">Its slug.</param>
/// <param name="Url">Its website.</param>
/// <param name="IsHidden">Whether lists leave it out.</param>
/// <param name="IsPrivate">Whether only those with access see it.</param>
/// <param name="Order">Its place in the order of Solder's web pages.</param>
/// <param name="Recommended">The build that is recommended.</param>
/// <param name="Latest">The latest build.</param>
internal sealed record NewModpack(string Name, string Slug, string? Url, bool IsHidden, bool IsPrivate, long Order, string? Recommended = null, string? Latest = null)
{
    private const string InsertSql = """
        INSERT INTO solder_packs (pack_id, url, is_hidden, sort_order, recommended, latest, updated_at)
        SELECT id, $2, $3, $4, $5, $6, created_at FROM packs WHERE id = $1
        """;

    /// <summary>Makes it true: a pack like any other, owned by who made it, within its plan. Null once it is there; else the answer.</summary>
    /// <param name="packs">Makes packs.</param>
    /// <param name="caller">Its owner.</param>
    /// <param name="limit">How many packs the plan allows.</param>
    /// <param name="game">Its game, unless it comes back with versions for another.</param>
    /// <param name="stop">Gives up.</param>
    public Task<IResult?> AddAsync(NewPacks packs, Caller caller, int limit, string game, CancellationToken stop) =>
        AddAsync(packs, Slug, _ => Task.FromResult<NewModpack?>(this), caller, limit, game, (_, _) => Task.CompletedTask, stop);

    /// <summary>The same with what is read in the transaction.</summary>
    /// <param name="packs">Makes packs.</param>
    /// <param name="slug">Its slug.</param>
    /// <param name="read">What it is made of; null when that is gone: 404.</param>
    /// <param name="caller">Its owner.</param>
    /// <param name="limit">How many packs the plan allows.</param>
    /// <param name="game">Its game, unless it comes back with versions for another.</param>
    /// <param name="also">What else becomes true in the same transaction, given the pack's id.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<IResult?> AddAsync(
        NewPacks packs, string slug, Func<NpgsqlConnection, Task<NewModpack?>> read, Caller caller, int limit, string game, Func<NpgsqlConnection, Guid, Task> also, CancellationToken stop)
    {
        game = await packs.KeptGameAsync(slug, caller, stop) ?? game; // the slug is its creator's to have again, and the dialect has no word for the game
        NewModpack wanted = null!;
        try
        {
            var error = await packs.AddAsync(ReadAsync, caller, limit, AlsoAsync, stop);
            return error is null ? null : error.Code == PackErrors.SlugTaken || error.StatusCode == StatusCodes.Status400BadRequest
                ? SolderError.Invalid("slug", "The slug has already been taken.") // somebody was faster
                : error;
        }
        catch (RefusedException refused)
        {
            return refused.Answer;
        }

        async Task AlsoAsync(NpgsqlConnection connection, Guid packId)
        {
            if (!await ModpackNames.TakeAsync(connection, wanted.Name, packId, stop)) throw new RefusedException(SolderError.Invalid("name", "The name has already been taken."));
            await connection.ExecuteAsync(InsertSql, stop, packId, wanted.Url, wanted.IsHidden, wanted.Order, wanted.Recommended, wanted.Latest);
            await also(connection, packId);
        }

        async Task<CreatePack.Request> ReadAsync(NpgsqlConnection connection)
        {
            wanted = await read(connection) ?? throw new RefusedException(SolderError.NotFound("Modpack not found."));
            return new CreatePack.Request(slug, wanted.Name, game, Visibility: Modpack.VisibilityOf(wanted.IsHidden, wanted.IsPrivate));
        }
    }

    /// <summary>Undoes the transaction.</summary>
    private sealed class RefusedException(SolderError answer) : Exception
    {
        public SolderError Answer => answer;
    }
}
