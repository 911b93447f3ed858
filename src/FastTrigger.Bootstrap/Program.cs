return new FastTrigger.FunctionHost().Run();
