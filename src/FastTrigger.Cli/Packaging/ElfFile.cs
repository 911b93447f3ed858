using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace FastTrigger.Cli.Packaging;

/// <summary>
/// Reads an ELF binary: its machine, its sections, and the library versions that it needs
/// (refspecs.linuxfoundation.org/elf/gabi4+/ch4.intro.html).
/// </summary>
internal sealed class ElfFile
{
    private const uint VersionNeeds = 0x6ffffffe;
    private const int X86 = 62, Arm = 183;

    private readonly byte[] _bytes;
    private readonly List<Section> _sections = [];

    private ElfFile(byte[] bytes) => _bytes = bytes;

    /// <summary>Lambda's name of the architecture, x86_64 or arm64; the machine number for any other.</summary>
    public string Architecture { get; private set; } = "";

    public IEnumerable<string> SectionNames => _sections.Select(section => section.Name);

    /// <summary>Whether the binary has sections of symbols or debug information, such as .symtab and .debug_info.</summary>
    public bool HasDebugSymbols => SectionNames.Any(name => name == ".symtab" || name.StartsWith(".debug_", StringComparison.Ordinal));

    /// <summary>The newest glibc version that the binary needs; null when it needs none.</summary>
    public Version? Glibc =>
        NeededVersions()
            .Where(name => name.StartsWith("GLIBC_", StringComparison.Ordinal))
            .Select(name => Version.TryParse(name[6..], out var version) ? version : null)
            .Max();

    /// <summary>
    /// The version of .NET that Native AOT compiled into the binary, such as 10.0.12, as its compiler notes it in .comment; null when there
    /// is no such note.
    /// </summary>
    public string? DotNet
    {
        get
        {
            var note = _sections.Find(section => section.Name == ".comment");
            var text = note is null ? [] : _bytes.AsSpan((int)note.Offset);
            var at = text.IndexOf(".NET: ilc "u8);
            var version = at < 0 ? [] : text[(at + 10)..];
            var end = version.IndexOfAnyExcept("0123456789."u8);
            return end > 0 ? Encoding.ASCII.GetString(version[..end]) : null;
        }
    }

    /// <summary>The libraries that are linked in, as build/native.props notes them; null for a binary that uses the system's.</summary>
    public LinkedLibraries? Linked { get; private set; }

    /// <summary>Reads a binary; null when the bytes are no 64-bit little-endian ELF file.</summary>
    public static ElfFile? Read(byte[] bytes)
    {
        if (bytes.Length < 64 || !bytes.AsSpan(0, 4).SequenceEqual("\u007fELF"u8) || bytes[4] != 2 || bytes[5] != 1)
        {
            return null;
        }

        var file = new ElfFile(bytes);
        try
        {
            file.ReadSections();
            file.ReadLinked();
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException or JsonException)
        {
            return null;
        }

        return file;
    }

    private void ReadSections()
    {
        var machine = U16(18);
        Architecture = machine switch { X86 => "x86_64", Arm => "arm64", _ => $"machine {machine}" };
        var (start, size, count, names) = ((long)U64(40), U16(58), U16(60), U16(62));
        for (var i = 0; i < count; i++)
        {
            var at = start + ((long)i * size);
            _sections.Add(new()
            {
                NameOffset = U32(at),
                Type = U32(at + 4),
                Offset = (long)U64(at + 24),
                Size = (long)U64(at + 32),
                Link = U32(at + 40),
                Entries = U32(at + 44),
            });
        }

        foreach (var section in _sections)
        {
            section.Name = Text(_sections[names].Offset + section.NameOffset);
        }
    }

    private void ReadLinked()
    {
        if (_sections.Find(section => section.Name == ".linked") is { } note)
        {
            var text = _bytes.AsSpan(checked((int)note.Offset), checked((int)note.Size));
            Linked = JsonSerializer.Deserialize(text, LinkedJson.Default.LinkedLibraries);
        }
    }

    /// <summary>The needed versions of each needed library, from .gnu.version_r.</summary>
    private IEnumerable<string> NeededVersions()
    {
        if (_sections.Find(section => section.Type == VersionNeeds) is not { } needs)
        {
            yield break;
        }

        var strings = _sections[(int)needs.Link].Offset;
        var file = needs.Offset;
        for (var i = 0; i < needs.Entries; i++)
        {
            var version = file + U32(file + 8);
            for (var j = 0; j < U16(file + 2); j++)
            {
                yield return Text(strings + U32(version + 8));
                version += U32(version + 12);
            }

            file += U32(file + 12);
        }
    }

    private ushort U16(long at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(checked((int)at), 2));

    private uint U32(long at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(checked((int)at), 4));

    private ulong U64(long at) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(checked((int)at), 8));

    private string Text(long at)
    {
        var rest = _bytes.AsSpan(checked((int)at));
        return Encoding.ASCII.GetString(rest[..Math.Max(rest.IndexOf((byte)0), 0)]);
    }

    private sealed class Section
    {
        public required uint NameOffset { get; init; }

        public required uint Type { get; init; }

        public required long Offset { get; init; }

        public required long Size { get; init; }

        public required uint Link { get; init; }

        public required uint Entries { get; init; }

        public string Name { get; set; } = "";
    }
}
