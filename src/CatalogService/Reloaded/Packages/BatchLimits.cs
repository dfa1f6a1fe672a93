using System.Text;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>How much one answer may hold: an item without a version asks for all of them, and a batch has 500 items.</summary>
internal static class BatchLimits
{
    /// <summary>Bytes of what is stored; an answer is at most about twice that, in JSON that escapes.</summary>
    public const long MaxAnswerBytes = 32 * 1024 * 1024;

    /// <summary>What a version costs in an answer beside its content, roughly.</summary>
    public const int OverheadBytes = 512;

    /// <summary>Rows of a statement: one more than an answer can have, since each costs its overhead. Whoever asks for many more does not make the hub read them.</summary>
    public const string MostRows = "65537";

    /// <summary>What a text costs in an answer, in bytes.</summary>
    public static long Cost(params IEnumerable<string?> texts) => OverheadBytes + texts.Sum(text => text is null ? 0L : Encoding.UTF8.GetByteCount(text));

    public static ReloadedError TooLarge() =>
        ApiError.BadRequest(ReloadedErrors.InvalidBatch, $"the versions asked for have together more than {MaxAnswerBytes} bytes; ask for fewer at a time");
}
