using System.CommandLine;
using System.Globalization;
using FastTrigger.Cli.Packaging;
using FastTrigger.Cli.Routes;

namespace FastTrigger.Cli.Commands;

/// <summary>The settings of pack.</summary>
internal sealed record PackPlan(string? Architecture, string? Link, string? Routes, string Out, string? Bootstrap, bool Release);

/// <summary>fasttrigger pack: creates the deployment zip, which is checked before it is written.</summary>
internal static class PackCommand
{
    public static Command Create()
    {
        var architecture = new Option<string?>("--arch")
        {
            Description = "The required architecture of the binary: arm64 or x86_64. Default: any",
            HelpName = "ARCH",
        };
        architecture.AcceptOnlyFromAmong("arm64", "x86_64");
        var link = new Option<string?>("--link")
        {
            Description = "static: nothing of the system is used. dynamic: the OpenSSL of Lambda's runtime is. Default: as it was built",
            HelpName = "LINK",
        };
        link.AcceptOnlyFromAmong("static", "dynamic");
        var routes = LocalCommandOptions.RoutesOption("The routes file for the zip");
        var output = new Option<string>("--out")
        {
            Description = "The zip",
            HelpName = "FILE",
            DefaultValueFactory = _ => Path.Combine("artifacts", "function.zip"),
        };
        var bootstrap = new Option<string?>("--bootstrap")
        {
            Description = "The binary, with amazon-roots.pem in its folder. Default: what ./bootstrap.sh build made for --arch and --link",
            HelpName = "FILE",
        };
        var release = new Option<bool>("--release") { Description = "Refuse a binary for a framework that is out of support" };
        var command = new Command("pack", """
            Create the deployment zip: bootstrap, amazon-roots.pem and routes.json. The same files give the same bytes. Architecture,
            C library, routes, sizes and symbols are checked before anything is written. The symbols (.dbg) and a CycloneDX bill of
            materials (.cdx.json) are written next to the zip.

            Example:
              fasttrigger pack --routes routes.json --out function.zip
            """) { architecture, link, routes, output, bootstrap, release };
        command.SetAction(parsed => Pack(new(
            parsed.GetValue(architecture),
            parsed.GetValue(link),
            parsed.GetValue(routes),
            parsed.GetValue(output)!,
            parsed.GetValue(bootstrap),
            parsed.GetValue(release))));
        return command;
    }

    private static int Pack(PackPlan plan)
    {
        var bootstrap = plan.Bootstrap ?? Built(plan);
        var folder = Path.GetDirectoryName(Path.GetFullPath(bootstrap))!;
        var routes = LocalFiles.Routes(plan.Routes);
        if (LocalFiles.ReadRoutes(routes, Deployment.Zip) is null)
        {
            return 1;
        }

        (string Name, byte[] Content)[] files =
        [
            ("bootstrap", LocalFiles.Read(bootstrap)),
            ("amazon-roots.pem", LocalFiles.Read(Path.Combine(folder, "amazon-roots.pem"))),
            ("routes.json", LocalFiles.Read(routes)),
        ];
        var frameworkFile = Path.Combine(folder, "native-framework");
        var framework = File.Exists(frameworkFile) ? File.ReadAllText(frameworkFile).Trim() : null;

        var elf = ElfFile.Read(files[0].Content);
        var check = new PackageCheck();
        check.Binary(elf, plan.Architecture, plan.Link);
        var warning = SupportedFrameworks.FindProblem(framework);
        if (plan.Release && warning is not null)
        {
            check.Add(warning);
        }

        var zip = FunctionPackage.Write(files);
        check.Size(zip.Length, files.Sum(file => file.Content.Length));
        if (check.Problems.Count > 0)
        {
            Console.Error.WriteLine(string.Join('\n', check.Problems));
            return 1;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(plan.Out))!);
        File.WriteAllBytes(plan.Out, zip);
        var sbom = Sbom.Describe(files, elf!).ToJsonString(ReadableJson.IndentedEscaped);
        File.WriteAllText(Path.ChangeExtension(plan.Out, ".cdx.json"), sbom + "\n");
        string[] symbols = [Path.Combine(folder, "symbols", "bootstrap.dbg"), bootstrap + ".dbg"];
        if (symbols.FirstOrDefault(File.Exists) is { } found)
        {
            File.Copy(found, Path.ChangeExtension(plan.Out, ".dbg"), overwrite: true);
        }

        if (warning is not null)
        {
            Console.Error.WriteLine($"warning: {warning}");
        }

        var needs = elf!.Linked is { } linked ? $"OpenSSL {linked.OpenSsl} linked in"
            : elf.Glibc is { } version ? $"glibc {version} or later"
            : "no glibc";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Out}: {zip.Length} bytes for provided.al2023 on {elf.Architecture}, {needs}"));
        return 0;
    }

    /// <summary>What ./bootstrap.sh build made for the architecture and the link; else any bootstrap, which is then checked.</summary>
    private static string Built(PackPlan plan)
    {
        var folder = plan.Link == "dynamic" ? "dynamic" : "";
        string[] places =
        [
            Path.Combine("artifacts", plan.Architecture ?? "", folder, "bootstrap"),
            Path.Combine("artifacts", folder, "bootstrap"),
        ];
        return Array.Find(places, File.Exists) ?? LocalFiles.DefaultBootstrap();
    }
}
