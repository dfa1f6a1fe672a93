using System.Buffers;
using Microsoft.AspNetCore.Http;
using PackRelay.ServiceDefaults.Http;

namespace PackRelay.ServiceDefaults.Reloaded;

/// <summary>Writes the bodies of all errors on the dialect's paths, those of the gateway and of routing too, in the format that the request asks for.</summary>
public sealed class NegotiatedErrors(AnswerFormats formats, MessagePackForm form)
{
    /// <summary>Writes the whole body; status and headers of the error are there already.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">What an error says: short.</param>
    public Task WriteAsync(HttpContext context, object body)
    {
        _ = formats.TryChoose(context.Request, out var format); // an unknown ?format= is not what this error is about
        var content = new ArrayBufferWriter<byte>();
        if (format.Form == AnswerForm.Json) SizedJson.Write(content, body);
        else form.Write(new MessagePackWriter(content), body);
        var bytes = format.IsCompressed ? ZstandardFrame.Of(content.WrittenSpan) : content.WrittenMemory;
        format.WriteTo(context.Response, bytes.Length);
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
