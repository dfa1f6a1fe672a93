using System.Net;

namespace PackRelay.EndToEnd.Tests.Faults;

/// <summary>A body that stops in its middle until it is let go on.</summary>
internal sealed class HalfABody(byte[] content) : HttpContent
{
    private readonly TaskCompletionSource rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn() => rest.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(content.AsMemory(0, content.Length / 2));
        await stream.FlushAsync();
        await rest.Task;
        await stream.WriteAsync(content.AsMemory(content.Length / 2));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = content.Length;
        return true;
    }
}
