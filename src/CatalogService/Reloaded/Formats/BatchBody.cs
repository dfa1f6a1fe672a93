using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Reloaded;

namespace PackRelay.CatalogService.Reloaded.Formats;

/// <summary>A body that is an array of 1 to 500 items, each judged for itself: an error says which one it is about.</summary>
/// <typeparam name="TItem">The record of one item.</typeparam>
public sealed class BatchBody<TItem> : IEndpointParameterMetadataProvider
    where TItem : class
{
    /// <summary>Most items of a batch.</summary>
    public const int MaxItems = 500;

    private readonly WireBody<JsonDocument> body;

    private BatchBody(WireBody<JsonDocument> body) => this.body = body;

    /// <summary>Reads the items and checks each by itself; the first that is bad decides.</summary>
    internal async Task<BatchResult<TItem>> ReadAsync(Func<TItem, ApiError?> check, CancellationToken stop)
    {
        var read = await body.ReadAsync(stop);
        if (!read.TryGet(out var document, out var error)) return new BatchResult<TItem>(error);
        using (document) return Read(document.RootElement, check);
    }

    // The items are counted before any is looked at: a body of 1 MiB may have half a million of them.
    private static BatchResult<TItem> Read(JsonElement list, Func<TItem, ApiError?> check)
    {
        if (list.ValueKind != JsonValueKind.Array) return new BatchResult<TItem>(ApiError.BadRequest(ErrorCodes.InvalidJson, "the body must be a JSON array"));
        var count = list.GetArrayLength();
        if (count is 0 or > MaxItems) return new BatchResult<TItem>(ApiError.BadRequest(ReloadedErrors.InvalidBatch, $"the body must be an array of 1 to {MaxItems} items, and has {count}"));
        var items = new List<TItem>(count);
        foreach (var element in list.EnumerateArray())
        {
            if (!JsonPart.Read<TItem>(element, ErrorCodes.InvalidJson).TryGet(out var item, out var error) || (error = check(item)) is not null)
                return new BatchResult<TItem>(((ReloadedError)error).At(items.Count));
            items.Add(item);
        }

        return new BatchResult<TItem>(items);
    }

    /// <summary>Binds a handler's parameter of this type without touching the body.</summary>
    public static async ValueTask<BatchBody<TItem>?> BindAsync(HttpContext context) => new((await WireBody<JsonDocument>.BindAsync(context))!);

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
