using System.Buffers;
using System.Text.Json;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.WebhookService.Events;

/// <summary>Makes the bytes that are stored, signed and sent: <c>{event, deliveryId, occurredAt, data}</c>.</summary>
internal static class NoticeBody
{
    /// <summary>Bodies of one notice, one per delivery; its data is turned into JSON once.</summary>
    public static Func<Guid, byte[]> Of(Notice notice)
    {
        var data = JsonSerializer.SerializeToUtf8Bytes(notice.Data, notice.Data.GetType(), ApiJson.Options);
        return deliveryId =>
        {
            var bytes = new ArrayBufferWriter<byte>(data.Length + 192);
            using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = ApiJson.Options.Encoder });
            json.WriteStartObject();
            json.WriteString("event", notice.Event);
            json.WriteString("deliveryId", deliveryId);
            json.WritePropertyName("occurredAt");
            JsonSerializer.Serialize(json, notice.OccurredAt, ApiJson.Options);
            json.WritePropertyName("data");
            json.WriteRawValue(data, skipInputValidation: true);
            json.WriteEndObject();
            json.Flush();
            return bytes.WrittenSpan.ToArray();
        };
    }
}
