namespace FastTrigger.Cli.Packaging;

/// <summary>Checks a package and collects the problems.</summary>
internal sealed class PackageCheck
{
    /// <summary>The budgets of this project. Lambda itself allows 50 MB and 250 MB.</summary>
    private const int MaxZippedBytes = 2_800_000, MaxUnzippedBytes = 7_000_000;

    /// <summary>The version of glibc in provided.al2023.</summary>
    private static readonly Version s_glibc = new(2, 34);

    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public void Add(string problem) => _problems.Add(problem);

    /// <param name="elf">The binary; null when it is no 64-bit ELF file.</param>
    /// <param name="architecture">The required architecture; null for any that Lambda has.</param>
    /// <param name="link">The required link, static or dynamic; null for any.</param>
    public void Binary(ElfFile? elf, string? architecture, string? link)
    {
        if (elf is null)
        {
            Add("bootstrap is no 64-bit ELF file: build one with ./bootstrap.sh build");
            return;
        }

        if (elf.Architecture is not ("x86_64" or "arm64") || (architecture is not null && architecture != elf.Architecture))
        {
            Add($"bootstrap is built for {elf.Architecture}, not {architecture ?? "x86_64 or arm64"}: "
                + $"build one with ./bootstrap.sh build --arch {architecture ?? "arm64"}");
        }

        var isLinked = elf.Linked is not null ? "static" : "dynamic";
        if (link is not null && link != isLinked)
        {
            Add($"bootstrap is linked as {isLinked}, not {link}: ./bootstrap.sh build says why it did not make the other; "
                + "or name the binary with --bootstrap");
        }

        if (elf.Glibc > s_glibc)
        {
            Add($"bootstrap needs glibc {elf.Glibc}, and provided.al2023 has {s_glibc}: build it on an older system");
        }

        if (elf.HasDebugSymbols)
        {
            Add("bootstrap contains debug symbols: publish it with StripSymbols, which writes them to another file");
        }
    }

    public void Size(long zipped, long unzipped)
    {
        Size("zipped", zipped, MaxZippedBytes);
        Size("unzipped", unzipped, MaxUnzippedBytes);
    }

    private void Size(string kind, long size, int max)
    {
        if (size > max)
        {
            Add($"{size} bytes {kind} exceed the budget of {max}");
        }
    }
}
