using BenchmarkDotNet.Running;
using FastTrigger.Benchmarks;

BenchmarkRunner.Run<RecognitionBenchmark>(RecognitionBenchmark.Settings, args);
