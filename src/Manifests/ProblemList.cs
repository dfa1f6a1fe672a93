namespace PackRelay.Manifests;

/// <summary>Collects problems up to a bound, so that a hostile document cannot buy an answer larger than itself.</summary>
internal sealed class ProblemList
{
    /// <summary>More than a person would repair in one go.</summary>
    public const int Max = 100;

    private readonly List<ManifestProblem> _items = [];

    public bool IsFull => _items.Count >= Max;

    public IReadOnlyList<ManifestProblem> Items => _items;

    public void Add(string path, string message)
    {
        if (!IsFull) _items.Add(new ManifestProblem(path, message));
    }

    public void AddRange(IEnumerable<ManifestProblem> problems)
    {
        foreach (var problem in problems) Add(problem.Path, problem.Message);
    }
}
