using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>Reads a small body into memory, with a limit that holds whatever Content-Length says.</summary>
public static class RequestBytes
{
    /// <summary>The whole body; null when it is longer than <paramref name="limitBytes"/>.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limitBytes, CancellationToken stop)
    {
        if (request.ContentLength > limitBytes) return null;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(stop);
            if (read.Buffer.Length > limitBytes)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
