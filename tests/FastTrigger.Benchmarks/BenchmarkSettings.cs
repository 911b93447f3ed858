using System.Runtime.InteropServices;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.NativeAot;
using Perfolizer.Horology;

namespace FastTrigger.Benchmarks;

/// <summary>How everything is measured: compiled to native code with the settings of the function.</summary>
internal static class BenchmarkSettings
{
    /// <summary>Those of build/native.props.</summary>
    private static string Instructions =>
        RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "armv8.2-a,aes,sha1,sha2,dotprod,rcpc" : "x86-64-v2";

    public static IConfig Native => ManualConfig.Create(DefaultConfig.Instance)
        .AddJob(Job.Default
            .WithWarmupCount(3)
            .WithIterationCount(20)
            .WithIterationTime(TimeInterval.FromMilliseconds(50))
            .WithGcConcurrent(false)
            .WithToolchain(NativeAotToolchain.CreateBuilder()
                .UseNuGet()
                .IlcInstructionSet(Instructions)
                .IlcOptimizationPreference("Size")
                .TargetFrameworkMoniker("net10.0")
                .ToToolchain()))
        .WithBuildTimeout(TimeSpan.FromMinutes(20))
        .AddDiagnoser(MemoryDiagnoser.Default)
        // What a machine with other work takes when it has none.
        .AddColumn(StatisticColumn.Min)
        .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
}
