using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.Reloaded;

/// <summary>Writes records as MessagePack by the very contract by which they are written as JSON: the same members under the same names in the same order, or left out alike.</summary>
public sealed class MessagePackForm
{
    private readonly ConcurrentDictionary<Type, Member[]> known = new();

    /// <summary>Writes a value: text, a boolean, an integer, a moment, a list, a map by text, a record of such members, or null.</summary>
    /// <exception cref="NotSupportedException">It has something else in it.</exception>
    public void Write(MessagePackWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNil(); break;
            case string text: writer.WriteString(text); break;
            case bool flag: writer.WriteBoolean(flag); break;
            case int number: writer.WriteInteger(number); break;
            case long number: writer.WriteInteger(number); break;
            case uint number: writer.WriteUnsigned(number); break;
            case ulong number: writer.WriteUnsigned(number); break;
            case DateTimeOffset moment: writer.WriteString(JsonSerializer.SerializeToElement(moment, ApiJson.Options).GetString()!); break; // the text that JSON has
            case IDictionary map: WriteMap(writer, map); break;
            case ICollection list: WriteList(writer, list); break;
            default: WriteRecord(writer, value); break;
        }
    }

    private void WriteMap(MessagePackWriter writer, IDictionary map)
    {
        writer.WriteMapHeader(map.Count);
        foreach (DictionaryEntry entry in map)
        {
            writer.WriteString((string)entry.Key);
            Write(writer, entry.Value);
        }
    }

    private void WriteList(MessagePackWriter writer, ICollection list)
    {
        writer.WriteArrayHeader(list.Count);
        foreach (var item in list) Write(writer, item);
    }

    private void WriteRecord(MessagePackWriter writer, object record)
    {
        var members = known.GetOrAdd(record.GetType(), MembersOf);
        var values = new object?[members.Length];
        var count = 0;
        for (var i = 0; i < members.Length; i++)
        {
            values[i] = members[i].Get(record);
            if (values[i] is not null || !members[i].IsLeftOutWhenNull) count++;
        }

        writer.WriteMapHeader(count);
        for (var i = 0; i < members.Length; i++)
        {
            if (values[i] is null && members[i].IsLeftOutWhenNull) continue;
            writer.WriteString(members[i].Name);
            Write(writer, values[i]);
        }
    }

    private static Member[] MembersOf(Type type)
    {
        var contract = ApiJson.Options.GetTypeInfo(type);
        if (contract.Kind != JsonTypeInfoKind.Object) throw new NotSupportedException($"{type} has no form in MessagePack here.");
        return [.. contract.Properties.OrderBy(property => property.Order).Select(property => new Member(property.Name, property.Get!, IsLeftOutWhenNull(property)))];
    }

    private static bool IsLeftOutWhenNull(JsonPropertyInfo property) => property.AttributeProvider!.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true)
        is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }];

    private sealed record Member(string Name, Func<object, object?> Get, bool IsLeftOutWhenNull);
}
