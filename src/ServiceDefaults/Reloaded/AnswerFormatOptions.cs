using System.ComponentModel.DataAnnotations;

namespace PackRelay.ServiceDefaults.Reloaded;

/// <summary>Section <c>Reloaded</c>, the part that the gateway needs too: errors come from both.</summary>
public sealed class AnswerFormatOptions
{
    /// <summary>What those get who ask for no format: <c>MessagePack</c> (default; compressed with Zstandard unless Accept-Encoding says otherwise) or <c>Json</c>.</summary>
    [EnumDataType(typeof(AnswerForm))]
    public AnswerForm DefaultFormat { get; set; } = AnswerForm.MessagePack;
}
