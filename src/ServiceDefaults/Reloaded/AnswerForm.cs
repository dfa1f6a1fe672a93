namespace PackRelay.ServiceDefaults.Reloaded;

/// <summary>How an answer is written.</summary>
public enum AnswerForm
{
    /// <summary>MessagePack.</summary>
    MessagePack,

    /// <summary>JSON.</summary>
    Json,
}
