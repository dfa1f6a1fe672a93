using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.CatalogService.Reloaded.Formats;

/// <summary>A body that is an array of 1 to 500 items, each judged for itself: an error says which one it is about.</summary>
/// <typeparam name="TItem">The record of one item.</typeparam>
public sealed class BatchBody<TItem> : IEndpointParameterMetadataProvider
    where TItem : class
{
    /// <summary>Most items of a batch.</summary>
    public const int MaxItems = 500;

    private readonly WireBody<List<JsonElement>> body;

    private BatchBody(WireBody<List<JsonElement>> body) => this.body = body;

    /// <summary>Reads the items and checks each by itself; the first that is bad decides.</summary>
    internal async Task<BatchResult<TItem>> ReadAsync(Func<TItem, ApiError?> check, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var elements, out var error)) return new BatchResult<TItem>(error);
        if (elements.Count is 0 or > MaxItems) return new BatchResult<TItem>(ApiError.BadRequest(ReloadedErrors.InvalidBatch, $"the body must be an array of 1 to {MaxItems} items, and has {elements.Count}"));
        var items = new List<TItem>(elements.Count);
        for (var i = 0; i < elements.Count; i++)
        {
            if (!JsonPart.Read<TItem>(elements[i], ErrorCodes.InvalidJson).TryGet(out var item, out error) || (error = check(item)) is not null)
                return new BatchResult<TItem>(((ReloadedError)error).At(i));
            items.Add(item);
        }

        return new BatchResult<TItem>(items);
    }

    /// <summary>Binds a handler's parameter of this type without touching the body.</summary>
    public static async ValueTask<BatchBody<TItem>?> BindAsync(HttpContext context) => new((await WireBody<List<JsonElement>>.BindAsync(context))!);

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata([AnswerFormats.JsonType, AnswerFormats.AnyType], typeof(IReadOnlyList<TItem>)));
}

/// <summary>The items of a batch, or the error to answer with.</summary>
internal readonly struct BatchResult<TItem>
{
    private readonly List<TItem>? items;

    private readonly ReloadedError? error;

    public BatchResult(List<TItem> items) => this.items = items;

    public BatchResult(ReloadedError error) => this.error = error;

    public bool TryGet([NotNullWhen(true)] out List<TItem>? value, [NotNullWhen(false)] out ReloadedError? refusal)
    {
        (value, refusal) = (items, error);
        return value is not null;
    }
}
