using System.Text;

namespace PackRelay.ServiceDefaults.Tests.Observability;

/// <summary>A protobuf message read by field numbers, without its schema.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> fields = [];

    public ProtobufMessage(ReadOnlyMemory<byte> bytes)
    {
        for (var rest = bytes; rest.Length > 0;)
        {
            var key = ReadVarint(ref rest);
            var (value, content) = (0UL, ReadOnlyMemory<byte>.Empty);
            switch (key & 7)
            {
                case 0: value = ReadVarint(ref rest); break;
                case 1: content = Take(ref rest, 8); break;
                case 2: content = Take(ref rest, (int)ReadVarint(ref rest)); break;
                case 5: content = Take(ref rest, 4); break;
                default: throw new FormatException($"wire type {key & 7}");
            }

            fields.Add(((int)(key >> 3), value, content));
        }
    }

    /// <summary>The messages at the end of a path of repeated fields.</summary>
    public IEnumerable<ProtobufMessage> At(params int[] path)
    {
        var found = fields.Where(field => field.Number == path[0]).Select(field => new ProtobufMessage(field.Bytes));
        return path.Length == 1 ? found : found.SelectMany(message => message.At(path[1..]));
    }

    /// <summary>A string field; empty when it is absent.</summary>
    public string Text(int number) => Encoding.UTF8.GetString(fields.FirstOrDefault(field => field.Number == number).Bytes.Span);

    /// <summary>A whole number; zero when it is absent.</summary>
    public ulong Number(int number) => fields.FirstOrDefault(field => field.Number == number).Value;

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static ulong ReadVarint(ref ReadOnlyMemory<byte> rest)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Take(ref rest, 1).Span[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }
}
