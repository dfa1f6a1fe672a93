using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace PackRelay.Gateway.Edge;

/// <summary>
/// Memory in which requests are read and answers wait for the network, in larger blocks than the server's own 4 KiB: a small answer is one write of one block,
/// and a manifest of 512 KB is 16 blocks to pin and send instead of 128. A connection that waits for a request holds none.
/// </summary>
internal sealed class AnswerBlocks : MemoryPool<byte>
{
    private const int BlockBytes = 32 * 1024; // below 85,000 the collector may move and trim them like any other object

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockBytes));

    protected override void Dispose(bool disposing)
    {
        // The blocks are the shared pool's.
    }

    internal sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new AnswerBlocks();
    }
}
