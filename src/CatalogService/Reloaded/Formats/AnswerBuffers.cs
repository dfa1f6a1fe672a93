using System.Buffers;
using Microsoft.Extensions.ObjectPool;

namespace PackRelay.CatalogService.Reloaded.Formats;

/// <summary>Buffers for answers, which are used again. Those of a hundred packages are hundreds of kilobytes: made anew each time, such arrays would set off full collections.</summary>
internal sealed class AnswerBuffers
{
    private readonly ObjectPool<ArrayBufferWriter<byte>> buffers = new DefaultObjectPool<ArrayBufferWriter<byte>>(new Policy());

    /// <summary>An empty buffer.</summary>
    public ArrayBufferWriter<byte> Take() => buffers.Get();

    /// <summary>Gives a buffer back that nobody reads any more.</summary>
    public void GiveBack(ArrayBufferWriter<byte> buffer) => buffers.Return(buffer);

    private sealed class Policy : PooledObjectPolicy<ArrayBufferWriter<byte>>
    {
        private const int MaxKeptBytes = 1024 * 1024;

        public override ArrayBufferWriter<byte> Create() => new();

        public override bool Return(ArrayBufferWriter<byte> obj)
        {
            obj.ResetWrittenCount();
            return obj.Capacity <= MaxKeptBytes;
        }
    }
}
