using BenchmarkDotNet.Running;
using FastTrigger.Benchmarks;

BenchmarkSwitcher
    .FromTypes([typeof(RecognitionBenchmark), typeof(MatchBenchmark), typeof(ReadRoutesBenchmark), typeof(HostileTextBenchmark)])
    .Run(args, BenchmarkSettings.Native);
