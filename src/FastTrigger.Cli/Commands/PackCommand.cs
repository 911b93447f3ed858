using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Packaging;
using FastTrigger.Json;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Commands;

/// <summary>What pack is asked for.</summary>
internal sealed record PackPlan(string? Architecture, string? Routes, string Out, string? Bootstrap, bool Release);

/// <summary>fasttrigger pack: the zip that Lambda takes, checked before it is written.</summary>
internal static class PackCommand
{
    /// <summary>Ours, not Lambda's (50 MB and 250 MB): what is larger is not what this project is.</summary>
    private const int MostZipped = 1_500_000, MostUnzipped = 4_000_000;

    /// <summary>What provided.al2023 has.</summary>
    private static readonly Version s_glibc = new(2, 34);

    /// <summary>Frameworks in support, with their last day (dotnet.microsoft.com/platform/support/policy).</summary>
    private static readonly (string Framework, DateOnly Until)[] s_supported = [("net9.0", new(2026, 11, 10)), ("net10.0", new(2028, 11, 14))];

    public static Command Create()
    {
        var architecture = new Option<string?>("--arch") { Description = "What the binary must be built for: arm64 or x86_64. Default: whatever it is", HelpName = "ARCH" };
        var routes = new Option<string?>("--routes") { Description = "The routes file that goes into the zip. Default: build/demo/routes.json", HelpName = "FILE" };
        var output = new Option<string>("--out") { Description = "The zip", HelpName = "FILE", DefaultValueFactory = _ => Path.Combine("artifacts", "function.zip") };
        var bootstrap = new Option<string?>("--bootstrap") { Description = "The binary; amazon-roots.pem is beside it. Default: artifacts/ARCH/bootstrap, else artifacts/bootstrap", HelpName = "FILE" };
        var release = new Option<bool>("--release") { Description = "Refuse a binary for a framework that is out of support" };
        var command = new Command("pack", """
            Make the deployment zip: bootstrap, amazon-roots.pem and routes.json. The same files give the same bytes. Architecture, C library, routes,
            sizes and symbols are checked before anything is written; the symbols (.dbg) and a CycloneDX bill of materials (.cdx.json) stand beside it.

            Example:
              fasttrigger pack --routes routes.json --out function.zip
            """) { architecture, routes, output, bootstrap, release };
        command.SetAction(parsed => Pack(new(parsed.GetValue(architecture), parsed.GetValue(routes), parsed.GetValue(output)!, parsed.GetValue(bootstrap), parsed.GetValue(release))));
        return command;
    }

    private static int Pack(PackPlan plan)
    {
        var built = Path.Combine("artifacts", plan.Architecture ?? "", "bootstrap");
        var bootstrap = plan.Bootstrap ?? (File.Exists(built) ? built : LocalRun.Find("bootstrap", "there is no native bootstrap: ./bootstrap.sh build makes artifacts/bootstrap, or name one with --bootstrap"));
        var folder = Path.GetDirectoryName(Path.GetFullPath(bootstrap))!;
        var routes = plan.Routes ?? LocalRun.Find("build/demo/routes.json", "there is no build/demo/routes.json here: name a file with --routes");
        (string Name, byte[] Content)[] files = [("bootstrap", LocalRun.Read(bootstrap)), ("amazon-roots.pem", LocalRun.Read(Path.Combine(folder, "amazon-roots.pem"))), ("routes.json", LocalRun.Read(routes))];
        var framework = File.Exists(Path.Combine(folder, "native-framework")) ? File.ReadAllText(Path.Combine(folder, "native-framework")).Trim() : null;

        var problems = new List<string>();
        var elf = ElfFile.Read(files[0].Content);
        CheckBinary(elf, plan, problems);
        CheckRoutes(routes, files[2].Content, problems);
        var warning = OutOfSupport(framework);
        if (plan.Release && warning is not null)
        {
            problems.Add(warning);
        }

        var zip = FunctionPackage.Write(files);
        CheckSize("zipped", zip.Length, MostZipped, problems);
        CheckSize("unzipped", files.Sum(file => file.Content.Length), MostUnzipped, problems);
        if (problems.Count > 0)
        {
            Console.Error.WriteLine(string.Join('\n', problems));
            return 1;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(plan.Out))!);
        File.WriteAllBytes(plan.Out, zip);
        File.WriteAllText(Path.ChangeExtension(plan.Out, ".cdx.json"), Sbom.Describe(files, elf!.Architecture, framework).ToJsonString(new JsonSerializerOptions { WriteIndented = true, TypeInfoResolver = WorldJson.Default }) + "\n");
        var symbols = new[] { Path.Combine(folder, "symbols", "bootstrap.dbg"), bootstrap + ".dbg" }.FirstOrDefault(File.Exists);
        if (symbols is not null)
        {
            File.Copy(symbols, Path.ChangeExtension(plan.Out, ".dbg"), overwrite: true);
        }

        if (warning is not null)
        {
            Console.Error.WriteLine($"warning: {warning}");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{plan.Out}: {zip.Length} bytes for provided.al2023 on {elf.Architecture}, glibc {elf.Glibc?.ToString() ?? "not needed"} at least"));
        return 0;
    }

    private static void CheckBinary(ElfFile? elf, PackPlan plan, List<string> problems)
    {
        if (elf is null)
        {
            problems.Add("bootstrap is no 64-bit ELF file: ./bootstrap.sh build makes one");
            return;
        }

        if (elf.Architecture is not ("x86_64" or "arm64") || (plan.Architecture is not null && plan.Architecture != elf.Architecture))
        {
            problems.Add($"bootstrap is built for {elf.Architecture}, not {plan.Architecture ?? "x86_64 or arm64"}: ./bootstrap.sh build --arch {plan.Architecture ?? "arm64"} makes one");
        }

        if (elf.Glibc > s_glibc)
        {
            problems.Add($"bootstrap needs glibc {elf.Glibc}, and provided.al2023 has {s_glibc}: build it on an older system");
        }

        if (elf.HasDebugSymbols)
        {
            problems.Add("bootstrap has debug symbols in it: publish it with StripSymbols, which keeps them apart");
        }
    }

    private static void CheckRoutes(string file, byte[] text, List<string> problems)
    {
        var found = new JsonProblems(file, text);
        if (RoutesFile.Read(text, handlers: null, found) is null)
        {
            problems.Add(found.ToString());
        }
    }

    /// <summary>Null while the framework has support.</summary>
    private static string? OutOfSupport(string? framework)
    {
        if (framework is null)
        {
            return "nobody says what framework bootstrap was built for: native-framework beside it does, when ./bootstrap.sh build made it";
        }

        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var known = Array.Find(s_supported, supported => supported.Framework == framework);
        return known.Framework is not null && known.Until >= today ? null
            : $"bootstrap was built for {framework}, which {(known.Framework is null ? "is not known to have support" : string.Create(CultureInfo.InvariantCulture, $"has had no support since {known.Until:yyyy-MM-dd}"))}: release from where net10.0 can be published";
    }

    private static void CheckSize(string what, long size, int most, List<string> problems)
    {
        if (size > most)
        {
            problems.Add($"{size} bytes {what} are over the budget of {most}");
        }
    }
}
