namespace PackRelay.CatalogService.Lists;

/// <summary>One order of a list: a key that no two items share, all of it running the same way, with an index to match.</summary>
/// <param name="Name">As the query parameter <c>sort</c> names it.</param>
/// <param name="Descending">Which way.</param>
/// <param name="Keys">The columns of the key; the last one is unique.</param>
internal sealed record SortOrder(string Name, bool Descending, params IReadOnlyList<SortKey> Keys);

/// <summary>One column of a sort key.</summary>
/// <param name="Expression">The column.</param>
/// <param name="Type">Its type: a cursor carries the value as text, which the statement casts back.</param>
internal sealed record SortKey(string Expression, string Type);
