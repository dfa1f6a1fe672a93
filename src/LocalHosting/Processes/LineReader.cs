using System.Text;

namespace PackRelay.LocalHosting.Processes;

/// <summary>Splits a child's output into lines of bounded length, so that one endless line cannot fill the memory.</summary>
internal static class LineReader
{
    public const int MaximumLineLength = 16 * 1024;

    public static async Task ReadAsync(TextReader reader, Action<string> onLine)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        try
        {
            int count;
            while ((count = await reader.ReadAsync(buffer)) > 0)
            {
                for (var i = 0; i < count; i++)
                {
                    if (buffer[i] == '\n')
                        Emit();
                    else if (buffer[i] != '\r' && line.Append(buffer[i]).Length == MaximumLineLength)
                        Emit();
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The pipe was closed under us: the process is gone.
        }

        if (line.Length > 0)
            Emit();

        void Emit()
        {
            onLine(line.ToString());
            line.Clear();
        }
    }
}
