using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PackRelay.ServiceDefaults.Http;

/// <summary>Reads a small body into memory, with a limit that holds whatever Content-Length says.</summary>
public static class RequestBytes
{
    /// <summary>The fields of a form, urlencoded or multipart, that was read already; null when it is malformed: without a boundary, broken off, with thousands of fields.</summary>
    /// <param name="request">Whose form it is.</param>
    /// <param name="bytes">The whole body. It stands in the request again afterwards.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<IFormCollection?> ReadFormAsync(HttpRequest request, byte[] bytes, CancellationToken stop)
    {
        request.Body = new MemoryStream(bytes, writable: false);
        try
        {
            return await request.ReadFormAsync(new FormOptions { MemoryBufferThreshold = Math.Max(bytes.Length, 1) }, stop); // nothing goes to the disk
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return null;
        }
        finally
        {
            request.Body = new MemoryStream(bytes, writable: false);
        }
    }

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
