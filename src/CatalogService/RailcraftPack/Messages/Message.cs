namespace PackRelay.CatalogService.RailcraftPack.Messages;

/// <summary>A message that clients of the Railcraft Pack dialect show to players.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Color">Minecraft's name of its colour.</param>
/// <param name="Text">What it says.</param>
/// <param name="IntervalSeconds">Seconds that pass before it is shown again; null for none.</param>
/// <param name="ShownAt">When it was shown last, UTC; null for never, and for messages without an interval.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
internal sealed record Message(long Id, string Color, string Text, int? IntervalSeconds, DateTimeOffset? ShownAt, DateTimeOffset CreatedAt);
