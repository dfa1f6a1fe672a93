namespace PackRelay.Gateway.Answers;

/// <summary>An answer under way, for which all wait who ask for the same.</summary>
/// <param name="key">Where it will be kept.</param>
/// <param name="tags">What it is about.</param>
internal sealed class AnswerFill(string key, AnswerRules.Tags tags)
{
    private readonly TaskCompletionSource<Outcome> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Key => key;

    public AnswerRules.Tags Tags => tags;

    /// <summary>What it is about changed since it began.</summary>
    public bool IsOutdated { get; set; }

    /// <summary>How it ended.</summary>
    public Task<Outcome> Done => done.Task;

    public void Finish(KeptAnswer? answer, bool isAbandoned) => done.TrySetResult(new Outcome(answer, isAbandoned));

    /// <summary>How a fill ended.</summary>
    /// <param name="Answer">The answer for all; null when each must ask for itself.</param>
    /// <param name="IsAbandoned">Who filled has gone away: another must fill.</param>
    internal sealed record Outcome(KeptAnswer? Answer, bool IsAbandoned);
}
