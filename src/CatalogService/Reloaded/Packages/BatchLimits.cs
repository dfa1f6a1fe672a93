using System.Text;
using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>How much one answer may hold: an item without a version asks for all of them, and a batch has 500 items.</summary>
internal static class BatchLimits
{
    /// <summary>Bytes of what is stored, 8 MiB: 500 items of 16 KB, and any one version that can be published. In memory an answer is up to about five times that: texts of two bytes a letter, MessagePack or JSON, a frame.</summary>
    public const long MaxAnswerBytes = PublishPackage.MaxBodyBytes + OverheadBytes;

    /// <summary>Answers up to this size are read at once; of bigger ones the size comes first, so that nothing of them is read while there is no room for them.</summary>
    public const long UsualAnswerBytes = 1024 * 1024;

    /// <summary>What a version costs in an answer beside its content, roughly.</summary>
    public const int OverheadBytes = 512;

    /// <summary>Rows of a statement: one more than an answer can have, since each costs its overhead. Whoever asks for many more does not make the hub read them.</summary>
    public const string MostRows = "16386";

    /// <summary>What a text costs in an answer, in bytes.</summary>
    public static long Cost(params IEnumerable<string?> texts) => OverheadBytes + texts.Sum(text => text is null ? 0L : Encoding.UTF8.GetByteCount(text));

    public static ApiError TooLarge() =>
        ApiError.BadRequest(ReloadedErrors.InvalidBatch, $"the versions asked for have together more than {MaxAnswerBytes} bytes; ask for fewer at a time");

    /// <summary>503: other answers take all the memory that answers may have.</summary>
    public static ApiError NoRoom() =>
        new(StatusCodes.Status503ServiceUnavailable, ErrorCodes.Unavailable, "too many large answers are being made at the moment, try again") { RetryAfter = TimeSpan.FromSeconds(1) };
}
