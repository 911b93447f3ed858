using System.IO.Compression;

namespace FastTrigger.Cli.Packaging;

/// <summary>
/// The deployment zip of a custom runtime (docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html). The same files always give the same
/// bytes.
/// </summary>
internal static class FunctionPackage
{
    /// <summary>The earliest time that the zip format can express.</summary>
    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int RegularFile = 0x8000, Executable = 0x1ed, Readable = 0x1a4;

    /// <param name="files">The names in the zip and the contents. The file bootstrap becomes executable.</param>
    public static byte[] Write(IEnumerable<(string Name, byte[] Content)> files)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files.OrderBy(file => file.Name, StringComparer.Ordinal))
            {
                var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize);
                entry.LastWriteTime = s_time;
                entry.ExternalAttributes = (RegularFile | (name == "bootstrap" ? Executable : Readable)) << 16;
                using var stream = entry.Open();
                stream.Write(content);
            }
        }

        return buffer.ToArray();
    }
}
