using System.Diagnostics.CodeAnalysis;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Access;

/// <summary>What a slug leads to for this caller, or the error to answer with.</summary>
internal readonly struct Lookup<T>
    where T : class
{
    private readonly T? found;

    private readonly ApiError? refusal;

    private Lookup(T? found, ApiError? refusal) => (this.found, this.refusal) = (found, refusal);

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ApiError? error)
    {
        (value, error) = (found, refusal);
        return value is not null;
    }

    public static implicit operator Lookup<T>(T found) => new(found, null);

    public static implicit operator Lookup<T>(ApiError refusal) => new(null, refusal);
}
