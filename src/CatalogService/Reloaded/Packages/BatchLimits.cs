using PackRelay.ServiceDefaults.Errors;

namespace PackRelay.CatalogService.Reloaded.Packages;

/// <summary>How much one answer may hold: an item without a version asks for all of them, and a batch has 500 items.</summary>
internal static class BatchLimits
{
    /// <summary>Bytes of what is stored; an answer is at most about twice that, in JSON that escapes.</summary>
    public const long MaxAnswerBytes = 32 * 1024 * 1024;

    /// <summary>What a version costs in an answer beside its content, roughly.</summary>
    public const int OverheadBytes = 512;

    public static ReloadedError TooLarge() =>
        ApiError.BadRequest(ReloadedErrors.InvalidBatch, $"the versions asked for have together more than {MaxAnswerBytes} bytes; ask for fewer at a time");
}
