namespace FastTrigger.Http.Trust;

/// <summary>
/// A number for a name in a certificate (RFC 5280, 4.1.2.4). Names that OpenSSL compares as equal have the same number: it ignores the
/// case of ASCII letters, blanks, the type of a text, and the order within a set. So only ASCII letters and digits of texts count here,
/// and their order only within one text. Other names may share a number, and OpenSSL tells them apart.
/// </summary>
internal static class NameKey
{
    private const int Integer = 0x02, Sequence = 0x30, Set = 0x31, Version = 0xA0, Identifier = 0x06;
    private const int Utf8 = 12, Printable = 19, T61 = 20, Ia5 = 22, Visible = 26, Universal = 28, Bmp = 30;

    /// <summary>The number of a certificate's subject; false when the certificate has another form than plain DER.</summary>
    public static bool TryOfSubject(ReadOnlySpan<byte> certificate, out uint key)
    {
        key = 0;
        if (!TryRead(ref certificate, Sequence, out var signed) || !TryRead(ref signed, Sequence, out var fields))
        {
            return false;
        }

        // A certificate of version 1 says no version.
        _ = TryRead(ref fields, Version, out _);
        return TryRead(ref fields, Integer, out _)
            && TryRead(ref fields, Sequence, out _) // the algorithm of the signature
            && TryRead(ref fields, Sequence, out _) // the issuer
            && TryRead(ref fields, Sequence, out _) // the validity
            && TryOf(ref fields, out key);
    }

    /// <summary>The number of a name; false when it has another form than plain DER.</summary>
    public static bool TryOf(ReadOnlySpan<byte> name, out uint key) => TryOf(ref name, out key);

    /// <summary>Reads one element: its content, and in <paramref name="bytes"/> what follows it.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, int tag, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (bytes.Length < 2 || bytes[0] != tag)
        {
            return false;
        }

        var (length, start) = ((int)bytes[1], 2);
        if (length > 0x80)
        {
            // The length is in the bytes that follow: three are enough for 16 MB. 0x80 alone means that nobody knows the length yet.
            start += length - 0x80;
            if (start > 5 || start > bytes.Length)
            {
                return false;
            }

            length = 0;
            foreach (var part in bytes[2..start])
            {
                length = (length << 8) | part;
            }
        }
        else if (length == 0x80)
        {
            return false;
        }

        if (length > bytes.Length - start)
        {
            return false;
        }

        content = bytes.Slice(start, length);
        bytes = bytes[(start + length)..];
        return true;
    }

    private static bool TryOf(ref ReadOnlySpan<byte> bytes, out uint key)
    {
        key = 0;
        if (!TryRead(ref bytes, Sequence, out var sets))
        {
            return false;
        }

        while (sets.Length > 0)
        {
            if (!TryRead(ref sets, Set, out var attributes))
            {
                return false;
            }

            while (attributes.Length > 0)
            {
                if (!TryRead(ref attributes, Sequence, out var attribute)
                    || !TryRead(ref attribute, Identifier, out _)
                    || attribute.Length == 0
                    || !TryOfText(attribute, out var one))
                {
                    return false;
                }

                key += one;
            }
        }

        return true;
    }

    private static bool TryOfText(ReadOnlySpan<byte> element, out uint key)
    {
        const uint Start = 2166136261, Prime = 16777619;
        const int LowestForm = 0x1F;
        var type = element[0];
        key = Start;

        // Of another class, in parts, or with a type of several bytes.
        if (type >= LowestForm || !TryRead(ref element, type, out var text))
        {
            return false;
        }

        // Texts of other types are compared as they are, and no two types of them are equal: they need not count.
        var width = type switch { Utf8 or Printable or T61 or Ia5 or Visible => 1, Bmp => 2, Universal => 4, _ => 0 };
        for (var at = 0; width > 0 && at + width <= text.Length; at += width)
        {
            var last = text[at + width - 1];
            if (char.IsAsciiLetterOrDigit((char)last) && !text.Slice(at, width - 1).ContainsAnyExcept((byte)0))
            {
                // 0x20 makes a letter lower case, and leaves a digit.
                key = (key ^ (last | 0x20u)) * Prime;
            }
        }

        return true;
    }
}
