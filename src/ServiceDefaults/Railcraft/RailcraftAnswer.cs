using System.Text.Json.Serialization;

namespace PackRelay.ServiceDefaults.Railcraft;

/// <summary>What every answer of the Railcraft Pack dialect begins with; on success the members of its endpoint follow.</summary>
public record RailcraftAnswer
{
    /// <summary>0, or the number of the error.</summary>
    [JsonPropertyOrder(-4)]
    public int Result { get; init; }

    /// <summary>Empty, or the text of the error.</summary>
    [JsonPropertyOrder(-3)]
    public string Msg { get; init; } = "";

    /// <summary>The same text under the name that older clients read; absent on success.</summary>
    [JsonPropertyOrder(-2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>More about errors 1 and 10; absent otherwise.</summary>
    [JsonPropertyOrder(-1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Data { get; init; }
}
