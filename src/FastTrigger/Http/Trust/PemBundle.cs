using System.Buffers;
using System.Buffers.Text;

namespace FastTrigger.Http.Trust;

/// <summary>
/// The certificates of a PEM file (RFC 7468), which are found by their subject before any of them is parsed. Only a file in the usual form
/// is read here: lines of base64 between the first and the last line of a block, and comments between blocks. OpenSSL reads every other
/// file, so what a strange file means is its decision alone.
/// </summary>
internal sealed class PemBundle
{
    private const int MaxLine = 80;

    private static ReadOnlySpan<byte> Begin => "-----BEGIN "u8;

    private static ReadOnlySpan<byte> End => "-----END "u8;

    // The blocks in DER, one after the other. They take the place of the text.
    private readonly byte[] _bytes;
    private uint[] _keys = new uint[160];
    private Block[] _blocks = new Block[160];

    private PemBundle(byte[] bytes) => _bytes = bytes;

    public int Count { get; private set; }

    /// <summary>Reads the text and overwrites it; null when OpenSSL must read the file, or when there is no certificate.</summary>
    public static PemBundle? Read(byte[] text)
    {
        // OpenSSL stops reading at a line that starts with NUL.
        var bundle = text.AsSpan().Contains((byte)0) ? null : new PemBundle(text);
        return bundle?.ReadAll() == true && bundle.Count > 0 ? bundle : null;
    }

    /// <summary>The next certificate from <paramref name="from"/> on whose subject has this number; -1 when there is none.</summary>
    public int Find(uint key, int from)
    {
        var found = _keys.AsSpan(from, Count - from).IndexOf(key);
        return found < 0 ? -1 : from + found;
    }

    /// <summary>A certificate in DER.</summary>
    /// <param name="saysTrust">Whether it says what it is trusted for.</param>
    public ReadOnlySpan<byte> Certificate(int index, out bool saysTrust)
    {
        var block = _blocks[index];
        saysTrust = block.SaysTrust;
        return _bytes.AsSpan(block.Start, block.Length);
    }

    private bool ReadAll()
    {
        int read = 0, written = 0;
        while (_bytes.AsSpan(read).IndexOf(Begin) is >= 0 and var found)
        {
            var start = read += found;
            if ((start > 0 && _bytes[start - 1] != '\n') || KindOf(NextLine(ref read)) is not { } kind)
            {
                return false;
            }

            var length = ReadBlock(ref read, written, kind);
            if (length < 0 || !Add(written, length, kind))
            {
                return false;
            }

            written += length;
        }

        return true;
    }

    /// <summary>The kind of block that a first line starts; null when OpenSSL must say.</summary>
    private static Kind? KindOf(ReadOnlySpan<byte> line)
    {
        for (var kind = Kind.Certificate; kind <= Kind.TrustedCertificate; kind++)
        {
            if (line.StartsWith(Begin) && line[Begin.Length..].SequenceEqual(LabelOf(kind)))
            {
                return kind;
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> LabelOf(Kind kind) => kind switch
    {
        Kind.Certificate => "CERTIFICATE-----"u8,
        Kind.OldCertificate => "X509 CERTIFICATE-----"u8,
        _ => "TRUSTED CERTIFICATE-----"u8,
    };

    /// <summary>Decodes the lines of a block to <paramref name="target"/>; returns the number of bytes, or -1.</summary>
    private int ReadBlock(ref int read, int target, Kind kind)
    {
        var (written, isPadded) = (target, false);
        while (read < _bytes.Length)
        {
            var start = read;
            var line = NextLine(ref read);
            if (line.StartsWith(End))
            {
                return line[End.Length..].SequenceEqual(LabelOf(kind)) ? written - target : -1;
            }

            // Blanks within a line would be skipped by the decoder, and show in the length.
            var text = _bytes.AsSpan(start, line.Length);
            var padding = line.EndsWith("=="u8) ? 2 : line.EndsWith("="u8) ? 1 : 0;
            if (line.Length is 0 or > MaxLine
                || isPadded
                || Base64.DecodeFromUtf8InPlace(text, out var count) != OperationStatus.Done
                || count * 4 != (line.Length * 3) - (padding * 4))
            {
                return -1;
            }

            isPadded = padding > 0;
            text[..count].CopyTo(_bytes.AsSpan(written));
            written += count;
        }

        return -1;
    }

    private bool Add(int start, int length, Kind kind)
    {
        var der = _bytes.AsSpan(start, length);
        ReadOnlySpan<byte> rest = der;
        var isWhole = NameKey.TryRead(ref rest, 0x30, out _) && (rest.Length == 0 || kind == Kind.TrustedCertificate);
        if (!isWhole || !NameKey.TryOfSubject(der, out var key))
        {
            return false;
        }

        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count * 2);
            Array.Resize(ref _blocks, Count * 2);
        }

        _keys[Count] = key;
        _blocks[Count++] = new() { Start = start, Length = length, SaysTrust = kind == Kind.TrustedCertificate };
        return true;
    }

    /// <summary>A line without its end and the blanks before it. OpenSSL reads a longer line in parts.</summary>
    private ReadOnlySpan<byte> NextLine(ref int read)
    {
        var rest = _bytes.AsSpan(read);
        var end = rest.IndexOf((byte)'\n');
        read = end < 0 ? _bytes.Length : read + end + 1;
        var line = end < 0 ? rest : rest[..end];
        return line.Length > MaxLine ? line : line.TrimEnd("\r \t"u8);
    }

    private enum Kind
    {
        Certificate,
        OldCertificate,
        TrustedCertificate,
    }

    private struct Block
    {
        public int Start, Length;
        public bool SaysTrust;
    }
}
