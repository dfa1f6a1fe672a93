namespace PackRelay.Gateway.Answers;

/// <summary>For whom one kept answer will do.</summary>
internal enum Audience
{
    /// <summary>Anonymous requests: others may see more, so that theirs are neither kept nor answered from memory.</summary>
    Anonymous,

    /// <summary>Everybody: the service looks at nothing but the path and the query.</summary>
    Everybody,

    /// <summary>Everybody if the service says <c>public</c>, nobody otherwise: a private pack's manifest.</summary>
    AsMarked,
}

/// <summary>How the answers of one kind of route are kept.</summary>
/// <param name="Audience">For whom one answer will do.</param>
/// <param name="IsList">It shows counters or live state: short life, and a share of the memory of its own.</param>
/// <param name="IgnoresQuery">The service does not look at the query.</param>
/// <param name="Include">The one value of the query parameter <c>include</c> that the service looks at, where it ignores the rest of the query; null when it ignores that too.</param>
/// <param name="MayBeKeptByClients">Without a word of the service: let clients keep it for <see cref="AnswerCacheOptions.ListMaxAge"/>; otherwise they ask each time.</param>
internal sealed record AnswerRule(Audience Audience, bool IsList, bool IgnoresQuery, bool MayBeKeptByClients, string? Include = null);
